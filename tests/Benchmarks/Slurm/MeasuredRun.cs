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

    public static async Task<MeasuredRun> Of(SlurmCluster cluster, string method, string parameters)
    {
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(cluster.Directory, Path.GetRandomFileName())).FullName;
        var directory = new RunDirectory(Path.Combine(folder, "run"));
        System.IO.Directory.CreateDirectory(directory.Path);
        var profile = Path.Combine(folder, "bench.yaml");
        await File.WriteAllTextAsync(profile, Profile);
        await File.WriteAllBytesAsync(directory.Description, new RunDescription { RunId = Guid.CreateVersion7(), RunName = "bench", FlowName = method, Attempt = 1, Epoch = 1 }.ToJson());
        await File.WriteAllTextAsync(directory.Parameters, parameters);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleClusterFlows.dll")])
        {
            UseShellExecute = false,
            Environment = { [RunEnvironment.RunDirectory] = directory.Path, [RunEnvironment.Method] = method, [RunEnvironment.Home] = folder, [RunEnvironment.Cluster] = profile, ["SLURM_CONF"] = cluster.Configuration },
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
