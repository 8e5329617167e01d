using Holoflow.Slurm.Submission;

namespace Holoflow.Slurm.Profiles;

/// <summary>A profile made from a dask-jobqueue style file, and what of the file has no counterpart.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="LeftOut">What was left out, with its line and the reason.</param>
public sealed record ImportedProfile(ClusterProfile Profile, IReadOnlyList<ProfileFault> LeftOut);

/// <summary>Reads the files that users of dask-jobqueue have: <c>cluster_class</c>, <c>cluster_kwargs</c>, <c>adapt_kwargs</c>.</summary>
public static class DaskImport
{
    static readonly Dictionary<string, string> NoCounterpart = new(StringComparer.Ordinal)
    {
        ["name"] = "jobs are named after the flow run", ["job_name"] = "jobs are named after the flow run", ["interface"] = "workers need no network: they meet on the shared file system",
        ["protocol"] = "workers need no network", ["security"] = "workers need no network", ["scheduler_options"] = "there is no Dask scheduler", ["death_timeout"] = "a worker's end is seen by its mark and by Slurm",
        ["local_directory"] = "a worker keeps nothing of its own", ["nanny"] = "there is no Dask worker", ["python"] = "tasks run in the flow's own program", ["extra"] = "there is no Dask worker",
        ["worker_extra_args"] = "there is no Dask worker", ["silence_logs"] = "what is logged is the server's setting", ["asynchronous"] = "there is no Dask client", ["n_workers"] = "set minimum_allocations",
        ["shebang"] = "the batch script is always the same", ["job_directives_skip"] = "name only what you want under extra_directives", ["header_skip"] = "name only what you want under extra_directives",
        ["config_name"] = "there is no Dask configuration",
    };

    /// <exception cref="ProfileException">The file is none of dask-jobqueue for Slurm, or a value cannot be read.</exception>
    public static ImportedProfile Read(string name, string text, string? file = null)
    {
        var faults = new List<ProfileFault>();
        var leftOut = new List<ProfileFault>();
        var profile = new ClusterProfile(name);
        if (YamlTree.Read(text, faults) is { } tree)
        {
            if (tree.Text("cluster_class") is { } kind && !kind.EndsWith("SLURMCluster", StringComparison.Ordinal))
                faults.Add(new(tree.Line("cluster_class"), $"'cluster_class' is '{kind}': only dask_jobqueue.SLURMCluster has a profile here"));
            if (tree.Tree("cluster_kwargs") is { } cluster)
                profile = Cluster(profile, cluster, faults, leftOut);
            else
                faults.Add(new(0, "it has no 'cluster_kwargs'"));
            if (tree.Tree("adapt_kwargs") is { } adapt)
                profile = Adapt(profile, adapt, leftOut);
            leftOut.AddRange(tree.Rest().Select(rest => new ProfileFault(rest.Line, $"'{rest.Key}' has no counterpart")));
        }

        return faults.Count == 0 ? new(profile, leftOut) : throw new ProfileException(file ?? name, [.. faults.OrderBy(f => f.Line)]);
    }

    static ClusterProfile Cluster(ClusterProfile profile, YamlTree cluster, List<ProfileFault> faults, List<ProfileFault> leftOut)
    {
        var workers = cluster.Whole("cores", 1) ?? 1;
        var options = Options([.. cluster.Texts("job_extra_directives"), .. cluster.Texts("job_extra")], leftOut, out var partition, out var account);
        var imported = profile with
        {
            Partition = cluster.Text("queue") ?? partition, Account = cluster.Text("account") ?? cluster.Text("project") ?? account,
            // Slurm is asked for job_cpu; cores is how many threads Dask starts in them.
            Cores = cluster.Whole("job_cpu", 1) ?? workers, Processes = cluster.Whole("processes", 1) ?? 1, MemoryMiB = Memory(cluster, faults), Walltime = Walltime(cluster, faults),
            Directives = options, Prologue = [.. cluster.Texts("job_script_prologue").Concat(cluster.Texts("env_extra")).Select(line => line.Text)], LogDirectory = LogDirectory(cluster, leftOut),
        };
        foreach (var (key, line) in cluster.Rest())
            leftOut.Add(new(line, NoCounterpart.TryGetValue(key, out var why) ? $"'{key}' has no counterpart: {why}" : $"'{key}' has no counterpart"));
        return imported;
    }

    static ClusterProfile Adapt(ClusterProfile profile, YamlTree adapt, List<ProfileFault> leftOut)
    {
        // minimum and maximum count Dask workers, of which a job has several.
        var least = Count(adapt, "minimum_jobs", leftOut) ?? (Count(adapt, "minimum", leftOut) is { } low ? Jobs(low, profile) : profile.MinimumAllocations);
        var most = Count(adapt, "maximum_jobs", leftOut) ?? (Count(adapt, "maximum", leftOut) is { } high ? Jobs(high, profile) : Math.Max(profile.MaximumAllocations, least));
        leftOut.AddRange(adapt.Rest().Select(rest => new ProfileFault(rest.Line, $"'adapt_kwargs: {rest.Key}' has no counterpart: the pool grows with its backlog")));
        if (least > most)
            leftOut.Add(new(adapt.Line("minimum"), $"a minimum of {least} jobs is more than the maximum of {most}: {most} is taken"));
        return profile with { MinimumAllocations = Math.Min(least, Math.Max(1, most)), MaximumAllocations = Math.Max(1, most) };
    }

    static int Jobs(int workers, ClusterProfile profile) => (workers + profile.Processes - 1) / profile.Processes;

    static int? Count(YamlTree tree, string key, List<ProfileFault> leftOut)
    {
        if (tree.Text(key) is not { } text)
            return null;
        if (int.TryParse(text, out var number) && number >= 0)
            return number;
        leftOut.Add(new(tree.Line(key), $"'adapt_kwargs: {key}' is '{text}', which is no whole number"));
        return null;
    }

    /// <summary>Directives that have a key of their own in a profile become that; those that may not be added are named.</summary>
    static List<Directive> Options(IReadOnlyList<(string Text, long Line)> texts, List<ProfileFault> leftOut, out string? partition, out string? account)
    {
        var directives = new List<Directive>();
        (partition, account) = (null, null);
        foreach (var (text, line) in texts)
        {
            var words = text.Replace("#SBATCH", "", StringComparison.Ordinal).Trim().Split([' ', '='], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            switch (words)
            {
                case ["-p" or "--partition", var value]:
                    partition = value;
                    break;
                case ["-A" or "--account", var value]:
                    account = value;
                    break;
                default:
                    if (Directive.TryParse(text, out var directive, out var fault))
                        directives.Add(directive);
                    else
                        leftOut.Add(new(line, fault));
                    break;
            }
        }

        return directives;
    }

    static long? Memory(YamlTree tree, List<ProfileFault> faults)
    {
        if (tree.Text("memory") is not { } text)
            return null;
        if (Quantity.MiB(text) is { } memory)
            return memory;
        faults.Add(new(tree.Line("memory"), $"'memory' is '{text}': a number with its unit is wanted, such as 16GB"));
        return null;
    }

    static TimeSpan? Walltime(YamlTree tree, List<ProfileFault> faults)
    {
        if (tree.Text("walltime") is not { } text)
            return null;
        if (Quantity.Time(text) is { } time)
            return time;
        faults.Add(new(tree.Line("walltime"), $"'walltime' is '{text}': a time is wanted, such as 02:30:00"));
        return null;
    }

    static string? LogDirectory(YamlTree tree, List<ProfileFault> leftOut)
    {
        if (tree.Text("log_directory") is not { } path)
            return null;
        if (path.StartsWith('/'))
            return path.TrimEnd('/');
        leftOut.Add(new(tree.Line("log_directory"), $"'log_directory' is '{path}', relative to wherever Dask was started: write an absolute path into the profile; the run's own directory is taken"));
        return null;
    }
}
