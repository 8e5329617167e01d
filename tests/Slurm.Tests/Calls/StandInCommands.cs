using Holoflow.Servers;
using Holoflow.Slurm.Calls;

namespace Holoflow.Slurm.Tests.Calls;

/// <summary>Scripted commands for what a real Slurm cannot be made to do.</summary>
sealed class StandInCommands : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("holoflow-standin-").FullName;

    /// <summary>A command that runs a script; the folder is in its variable <c>here</c>.</summary>
    public StandInCommands With(string program, string script)
    {
        ExecutableFile.Write(Path.Combine(Directory, program), $"#!/bin/sh\nhere='{Directory}'\necho \"{program} $*\" >>\"$here/calls\"\n{script}\n");
        return this;
    }

    /// <summary>The commands, of which only sbatch may hang in a test: it alone has a short limit, so that a busy machine ends no other.</summary>
    public ISlurmCalls Calls(TimeSpan limitOfSbatch) => new Limited(new CommandCalls(TimeProvider.System, limitOfSbatch, directory: Directory), new CommandCalls(TimeProvider.System, directory: Directory));

    public int Count(string program) => File.ReadLines(Path.Combine(Directory, "calls")).Count(line => line.StartsWith(program + " ", StringComparison.Ordinal));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    sealed class Limited(ISlurmCalls sbatch, ISlurmCalls others) : ISlurmCalls
    {
        public Task<SlurmAnswer> Run(SlurmCall call, CancellationToken cancellation) => (call.Program == "sbatch" ? sbatch : others).Run(call, cancellation);
    }
}
