using System.Diagnostics;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.Servers;

namespace Holoflow.SlurmBenchmarks;

/// <summary>A run of a sample flow on a cluster, and what its journal tells.</summary>
sealed class MeasuredRun
{
    const string Profile = "partition: work\ncores: 2\nprocesses: 2\nmemory: 600MiB\nwalltime: 30\nmaximum_allocations: 1\n";

    MeasuredRun(RunDirectory directory, IReadOnlyList<JournalEntry> journal)
    {
        Directory = directory;
        Journal = journal;
    }

    public RunDirectory Directory { get; }

    public IReadOnlyList<JournalEntry> Journal { get; }

    /// <summary>From the first task's start to the last one's end.</summary>
    public TimeSpan Work => Ends.Max() - Journal.OfType<TaskChanged>().First(state => state.Type == "Running").At;

    public IEnumerable<DateTimeOffset> Ends => Journal.OfType<TaskChanged>().Where(state => state.Type == "Completed").Select(state => state.At);

    /// <summary>Jobs that were submitted: each has a directory.</summary>
    public int Submissions => System.IO.Directory.GetDirectories(Directory.Allocations).Length;

    /// <summary>When the last task run of a name was finished.</summary>
    public DateTimeOffset Finished(string taskName)
    {
        var tasks = Journal.OfType<TaskCreated>().Where(task => string.Equals(task.TaskName, taskName, StringComparison.Ordinal)).Select(task => task.Task).ToHashSet();
        return Journal.OfType<TaskChanged>().Where(state => state.Type == "Completed" && tasks.Contains(state.Task)).Max(state => state.At);
    }

    /// <summary>Runs a flow to its end.</summary>
    /// <param name="cluster">Where its tasks go.</param>
    /// <param name="method">The flow.</param>
    /// <param name="parameters">JSON.</param>
    /// <param name="program">The program that has it.</param>
    /// <param name="profile">How the cluster is used.</param>
    /// <exception cref="InvalidOperationException">It did not complete; its own words.</exception>
    public static async Task<MeasuredRun> Of(SlurmCluster cluster, string method, string parameters, string program = "Holoflow.SampleClusterFlows.dll", string profile = Profile)
    {
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(cluster.Directory, Path.GetRandomFileName())).FullName;
        var directory = new RunDirectory(Path.Combine(folder, "run"));
        System.IO.Directory.CreateDirectory(directory.Path);
        var profileFile = Path.Combine(folder, "bench.yaml");
        await File.WriteAllTextAsync(profileFile, profile);
        await File.WriteAllBytesAsync(directory.Description, new RunDescription { RunId = Guid.CreateVersion7(), RunName = "bench", FlowName = method, Attempt = 1, Epoch = 1 }.ToJson());
        await File.WriteAllTextAsync(directory.Parameters, parameters);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program)])
        {
            UseShellExecute = false,
            Environment = { [RunEnvironment.RunDirectory] = directory.Path, [RunEnvironment.Method] = method, [RunEnvironment.Home] = folder, [RunEnvironment.Cluster] = profileFile, ["SLURM_CONF"] = cluster.Configuration },
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var entries = new List<JournalEntry>();
        using var reader = new JournalReader(directory.Journal);
        while (reader.Next() is { } read)
            entries.Add(read.Entry!);
        return entries.OfType<FlowEnded>().Last().Type == "Completed" ? new(directory, entries) : throw new InvalidOperationException(entries.OfType<FlowEnded>().Last().Message);
    }
}
