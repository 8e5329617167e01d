using Holoflow.Slurm.Calls;

namespace Holoflow.Slurm.Tests.Calls;

/// <summary>Scripted commands for what a real Slurm cannot be made to do.</summary>
sealed class StandInCommands : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("holoflow-standin-").FullName;

    /// <summary>A command that runs a script; the folder is in its variable <c>here</c>.</summary>
    public StandInCommands With(string program, string script)
    {
        var path = Path.Combine(Directory, program);
        File.WriteAllText(path, $"#!/bin/sh\nhere='{Directory}'\necho \"{program} $*\" >>\"$here/calls\"\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("755", 8));
        return this;
    }

    public ISlurmCalls Calls(TimeSpan limit) => new CommandCalls(TimeProvider.System, limit, directory: Directory);

    public int Count(string program) => File.ReadLines(Path.Combine(Directory, "calls")).Count(line => line.StartsWith(program + " ", StringComparison.Ordinal));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
