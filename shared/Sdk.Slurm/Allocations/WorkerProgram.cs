using System.Reflection;
using Holoflow.Slurm.Submission;

namespace Holoflow.Sdk.Slurm.Allocations;

/// <summary>How a worker is started: the same program as the flow process, in another environment.</summary>
static class WorkerProgram
{
    public static IReadOnlyList<string> Command =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, Assembly.GetEntryAssembly()!.Location] : [Environment.ProcessPath!];

    /// <summary>
    /// What is taken out of the environment that Slurm hands on: what makes this process a run (a job that kept it would be taken for a process
    /// of the run on this machine), and what looks like a secret (the environment of a job is stored by Slurm, and shown to its operators).
    /// </summary>
    public static IReadOnlyDictionary<string, string?> EnvironmentChanges(IEnumerable<string> names) =>
        names.Where(IsOurs).ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal);

    static bool IsOurs(string name) =>
        name.StartsWith("HOLOFLOW_", StringComparison.Ordinal) && name != RunProtocol.RunEnvironment.Home || JobEnvironment.IsSecret(name);
}
