using Holoflow.Servers;
using Holoflow.Slurm;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;

namespace Holoflow.Agent.Tests.Bench;

/// <summary>The cluster profile of runs that are jobs, on a Slurm that nobody else uses.</summary>
static class JobProfile
{
    public const string Name = "test";

    static readonly string[] Lines = ["partition: work", "cores: 1", "memory: 200MiB", "walltime: 10", "calls_per_minute: 600"];

    /// <summary>Slurm counts a walltime in whole minutes and looks for those that are over every half minute: 90 s pass before it kills.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(4);

    public static FollowIntervals Intervals { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    public static ISlurmCalls Commands(SlurmCluster cluster, string? directory = null) => new CommandCalls(
        TimeProvider.System, environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["SLURM_CONF"] = cluster.Configuration }, directory: directory);

    /// <summary>All jobs of a run that the queue knows; asked again while a busy controller gives no answer.</summary>
    public static async Task<IReadOnlyList<QueueEntry>> JobsOf(SlurmCluster cluster, Guid run)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            if ((await new SlurmSite(Commands(cluster)).Queue(limit.Token)).Value is { } queue)
                return [.. queue.Entries.Where(e => e.Key is { } key && key.Text.StartsWith(JobKey.Of(run), StringComparison.Ordinal))];
        }
    }

    public static void Write(string home, params string[] own)
    {
        var directory = Directory.CreateDirectory(Path.Combine(home, "clusters")).FullName;
        File.WriteAllLines(Path.Combine(directory, $"{Name}.yaml"), [.. Lines.Where(line => !own.Any(o => o.StartsWith(line.Split(':')[0] + ":", StringComparison.Ordinal))), .. own]);
    }
}
