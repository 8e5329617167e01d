using Holoflow.Servers;

namespace Holoflow.Agent.Tests.Bench;

/// <summary>A state directory of a test's own.</summary>
sealed class TemporaryHome : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("holoflow-agent-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes an executable.</summary>
    public string Program(string script, string name = "flow.sh")
    {
        var path = In(name);
        ExecutableFile.Write(path, "#!/bin/sh\n" + script);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
