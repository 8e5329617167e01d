namespace Holoflow.Slurm.Submission;

/// <summary>What of a process's environment must not go with the jobs that it submits.</summary>
public static class JobEnvironment
{
    static readonly string[] SecretEndings = ["TOKEN", "SECRET", "PASSWORD", "API_KEY"];

    /// <summary>True where a variable looks like a secret: the environment of a job is stored by Slurm, and shown to its operators.</summary>
    public static bool IsSecret(string name) => SecretEndings.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
