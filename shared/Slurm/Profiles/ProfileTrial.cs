using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Profiles;

/// <summary>One thing that was tried with a profile.</summary>
/// <param name="What">What.</param>
/// <param name="Passed">Whether it went well.</param>
/// <param name="Words">What was found, with the site's own words where it refuses.</param>
public sealed record TrialStep(string What, bool Passed, string Words);

/// <summary>Tries a profile on its site: a job as the profile says is submitted on hold, so that it never starts, and cancelled.</summary>
/// <param name="calls">The site's commands.</param>
/// <param name="time">The clock.</param>
public sealed class ProfileTrial(ISlurmCalls calls, TimeProvider time)
{
    static readonly TimeSpan GonePatience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    readonly SlurmSite _site = new(calls);

    /// <summary>Runs the trial. It stops at the first step that fails; no job is left, or the last step says which.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="directory">Where the trial job's directory is made, and removed: of the file system that the nodes share.</param>
    /// <param name="cancellation">Ends it; a job that was submitted is cancelled all the same.</param>
    public async Task<IReadOnlyList<TrialStep>> Run(ClusterProfile profile, string directory, CancellationToken cancellation)
    {
        var steps = new List<TrialStep>();
        var version = await calls.Run(new("sinfo", ["--version"]), cancellation);
        steps.Add(new("Slurm's commands", version.Kind == AnswerKind.Done, version.Kind == AnswerKind.Done ? version.Output.Trim() : version.Words));
        if (!steps[^1].Passed)
            return steps;
        steps.Add(await Nodes(profile, cancellation));
        if (!steps[^1].Passed)
            return steps;
        var key = JobKey.Of(Guid.CreateVersion7(time.GetUtcNow()), "check");
        var job = Path.Combine(directory, key.Text);
        try
        {
            steps.AddRange(await Submit(profile.Request(key, job, ["/bin/true"]) with { Hold = true, Label = "trial of a cluster profile" }, cancellation));
        }
        finally
        {
            if (Directory.Exists(job))
                Directory.Delete(job, recursive: true);
        }

        return steps;
    }

    async Task<TrialStep> Nodes(ClusterProfile profile, CancellationToken cancellation)
    {
        var nodes = await _site.Nodes(cancellation);
        if (nodes.Value is not { } all)
            return new("nodes", false, nodes.Words);
        if (profile.UnknownPartition(all) is { } unknown)
            return new("nodes", false, unknown);
        var own = profile.Partition is { } partition ? [.. all.Where(node => partition.Split(',').Contains(node.Partition, StringComparer.Ordinal))] : all;
        var partitions = string.Join(", ", all.Select(node => node.Partition).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        // A job on hold is not weighed against the nodes by Slurm.
        return !own.Any(node => node.Cores >= profile.Cores && node.MemoryMiB >= (profile.MemoryMiB ?? 0))
            ? new("nodes", false, $"none has {profile.Cores} cores{(profile.MemoryMiB is { } memory ? $" and {memory} MiB" : "")}: the largest have {own.Max(node => node.Cores)} and {own.Max(node => node.MemoryMiB)} MiB")
            : new("nodes", true, $"{own.Select(node => node.Name).Distinct(StringComparer.Ordinal).Count()} in {profile.Partition ?? $"partitions {partitions}"}, of up to {own.Max(node => node.Cores)} cores and {own.Max(node => node.MemoryMiB)} MiB");
    }

    async Task<IReadOnlyList<TrialStep>> Submit(SubmitRequest request, CancellationToken cancellation)
    {
        const string What = "a job on hold";
        SubmitOutcome outcome;
        try
        {
            outcome = await new Submitter(calls, _site, time).Submit(request, cancellation);
        }
        catch (SubmitRequestException e)
        {
            return [new(What, false, e.Message)];
        }

        return outcome switch
        {
            SubmitOutcome.Refused refused => [new(What, false, refused.Message)],
            SubmitOutcome.Accepted accepted => [await Seen(accepted.JobId, cancellation), await Cancel(accepted.JobId)],
            SubmitOutcome.Unknown unknown => [new(What, false, $"{unknown.Message}; it is named {request.Key}")],
            _ => [],
        };
    }

    async Task<TrialStep> Seen(long job, CancellationToken cancellation)
    {
        var entry = (await _site.Queue(cancellation)).Value?.Find(job);
        var reason = entry is null ? null : PendingReason.Parse(entry.Reason);
        var isFit = reason is not { Waiting: Waiting.InvalidAccount };
        return new("a job on hold", isFit, isFit ? $"job {job} was accepted{(entry is null ? "" : $" in partition {entry.Partition}")}" : $"job {job} was accepted, and would never start: {reason!.Plain}");
    }

    async Task<TrialStep> Cancel(long job)
    {
        var since = time.GetTimestamp();
        var fault = await _site.Cancel([(job, null)], CancellationToken.None);
        while (fault is null && time.GetElapsedTime(since) < GonePatience)
        {
            if ((await _site.Queue(CancellationToken.None)).Value is { } queue && queue.Find(job) is null or { State.IsEnd: true })
                return new("its cancellation", true, $"job {job} is gone");
            await Task.Delay(Between, time, CancellationToken.None);
        }

        return new("its cancellation", false, fault ?? $"job {job} is still there: cancel it by hand");
    }
}
