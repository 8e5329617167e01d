namespace Holoflow.Slurm.Calls;

/// <summary>The environment that Slurm's commands run in.</summary>
static class SlurmEnvironment
{
    // What tells the commands where and how to reach the cluster; every other SLURM_ variable is left over from a job that we run in ourselves.
    static readonly HashSet<string> Kept = new(StringComparer.Ordinal) { "SLURM_CONF", "SLURM_CONF_SERVER", "SLURM_JWT", "SLURM_CLUSTERS" };

    static readonly string[] Options = ["SLURM_", "SBATCH_", "SQUEUE_", "SACCT_", "SCANCEL_", "SCONTROL_", "SINFO_"];

    /// <summary>Takes away what would change the commands' answers behind our back, and asks for answers that can be read by a program.</summary>
    public static void Prepare(IDictionary<string, string?> environment, IReadOnlyDictionary<string, string?>? changes)
    {
        foreach (var name in environment.Keys.Where(IsOption).ToList())
            environment.Remove(name);
        environment["SLURM_TIME_FORMAT"] = "%s";
        environment["SLURM_BITSTR_LEN"] = "0";
        foreach (var (name, value) in changes ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            if (value is null)
                environment.Remove(name);
            else
                environment[name] = value;
        }
    }

    static bool IsOption(string name) => !Kept.Contains(name) && Options.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
