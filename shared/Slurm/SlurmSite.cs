using System.Text.Json;
using Holoflow.Slurm.Accounting;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;

namespace Holoflow.Slurm;

/// <summary>What a question to Slurm gave.</summary>
/// <param name="Kind">Whether it was answered.</param>
/// <param name="Value">The answer; null where there is none.</param>
/// <param name="Words">Slurm's words where there is none.</param>
public sealed record Asked<T>(AnswerKind Kind, T? Value, string Words)
    where T : class;

/// <summary>A site's Slurm, asked through its commands.</summary>
/// <param name="calls">The site's gate.</param>
public sealed class SlurmSite(ISlurmCalls calls)
{
    const int IdsPerCall = 100;
    const string AccountingDisabled = "accounting storage is disabled";

    SlurmVersion? _version;

    /// <summary>The version, asked once.</summary>
    public async Task<SlurmVersion?> Version(CancellationToken cancellation)
    {
        if (_version is null && await calls.Run(new("sinfo", ["--version"]), cancellation) is { Kind: AnswerKind.Done } answer)
            _version = SlurmVersion.Parse(answer.Output);
        return _version;
    }

    /// <summary>All jobs of this user that Slurm still knows, in one call.</summary>
    public async Task<Asked<QueueAnswer>> Queue(CancellationToken cancellation)
    {
        // Before 23.02 the JSON holds the whole site's jobs, whoever asks.
        var json = await Version(cancellation) is { } version && version.CompareTo(SlurmVersion.JsonOfOneUser) >= 0;
        var answer = await calls.Run(new("squeue", ["--me", "--states=all", .. json ? (string[])["--json"] : ["--noheader", $"--Format={QueueText.Format}"]]), cancellation);
        if (answer.Kind != AnswerKind.Done)
            return new(answer.Kind, null, answer.Words);
        try
        {
            return new(AnswerKind.Done, json ? QueueJson.Parse(answer.Output) : QueueText.Parse(answer.Output), "");
        }
        catch (JsonException e)
        {
            return new(AnswerKind.Unreachable, null, $"squeue's answer cannot be read: {e.Message}");
        }
    }

    /// <summary>What the accounting database knows of the jobs; a hundred ids a call.</summary>
    public async Task<Asked<IReadOnlyList<AccountingRecord>>> Accounting(IReadOnlyCollection<long> jobs, CancellationToken cancellation)
    {
        var records = new List<AccountingRecord>();
        foreach (var ids in jobs.Chunk(IdsPerCall))
        {
            var answer = await Account([$"--jobs={string.Join(',', ids)}"], cancellation);
            if (answer.Value is not { } some)
                return answer;
            records.AddRange(some);
        }

        return new(AnswerKind.Done, records, "");
    }

    /// <summary>What the accounting database knows of jobs with a key's name, submitted or ended since a time.</summary>
    public Task<Asked<IReadOnlyList<AccountingRecord>>> Accounting(JobKey key, DateTimeOffset since, CancellationToken cancellation) =>
        Account([$"--name={key}", $"--starttime={since.ToLocalTime():yyyy-MM-dd'T'HH:mm:ss}"], cancellation);

    /// <summary>Cancels jobs, and single array tasks, many in one call. Jobs that are over, or that Slurm no longer knows, are no fault.</summary>
    /// <returns>Null where all is done; else Slurm's words.</returns>
    public async Task<string?> Cancel(IEnumerable<(long Job, int? Task)> jobs, CancellationToken cancellation)
    {
        var ids = jobs.GroupBy(j => j.Job).Select(job => job.Any(j => j.Task is null) ? $"{job.Key}" : $"{job.Key}_[{ArrayTasks.Format(job.Select(j => j.Task!.Value))}]");
        string? fault = null;
        foreach (var some in ids.Chunk(IdsPerCall))
        {
            var answer = await calls.Run(new("scancel", ["--quiet", .. some], CallUrgency.Cancel), cancellation);
            if (answer.Kind != AnswerKind.Done && !IsGone(answer))
                fault = answer.Words;
        }

        return fault;
    }

    /// <summary>Tells the program of a running job to end (SIGTERM), and leaves it its time; a job that is over is no fault.</summary>
    /// <returns>Null where it is done; else Slurm's words.</returns>
    public async Task<string?> Terminate(long job, CancellationToken cancellation)
    {
        var answer = await calls.Run(new("scancel", ["--quiet", "--signal=TERM", "--full", $"{job}"], CallUrgency.Cancel), cancellation);
        return answer.Kind == AnswerKind.Done || IsGone(answer) ? null : answer.Words;
    }

    /// <summary>Puts a waiting job on hold, lets it go, or starts a running one anew.</summary>
    /// <returns>Null where it is done; else Slurm's words.</returns>
    public Task<string?> Hold(long job, CancellationToken cancellation) => Control("hold", job, cancellation);

    /// <inheritdoc cref="Hold"/>
    public Task<string?> Release(long job, CancellationToken cancellation) => Control("release", job, cancellation);

    /// <inheritdoc cref="Hold"/>
    public Task<string?> Requeue(long job, CancellationToken cancellation) => Control("requeue", job, cancellation);

    /// <summary>The controller's own text about a job, for people to read.</summary>
    public async Task<Asked<string>> Show(long job, CancellationToken cancellation)
    {
        var answer = await calls.Run(new("scontrol", ["show", "job", $"{job}"]), cancellation);
        return new(answer.Kind, answer.Kind == AnswerKind.Done ? answer.Output : null, answer.Words);
    }

    /// <summary>The controller's settings, e.g. <c>MaxArraySize</c>.</summary>
    public async Task<Asked<IReadOnlyDictionary<string, string>>> Configuration(CancellationToken cancellation)
    {
        var answer = await calls.Run(new("scontrol", ["show", "config"]), cancellation);
        return new(answer.Kind, answer.Kind == AnswerKind.Done ? SiteText.Configuration(answer.Output) : null, answer.Words);
    }

    /// <summary>The nodes, once for each partition that they are in.</summary>
    public async Task<Asked<IReadOnlyList<Node>>> Nodes(CancellationToken cancellation)
    {
        var answer = await calls.Run(new("sinfo", ["--noheader", "--all", "--Node", $"--format={SiteText.NodeFormat}"]), cancellation);
        return new(answer.Kind, answer.Kind == AnswerKind.Done ? SiteText.Nodes(answer.Output) : null, answer.Words);
    }

    async Task<Asked<IReadOnlyList<AccountingRecord>>> Account(IEnumerable<string> which, CancellationToken cancellation)
    {
        var answer = await calls.Run(new("sacct", [.. AccountingText.Options, .. which]), cancellation);
        var kind = answer.Errors.Contains(AccountingDisabled, StringComparison.OrdinalIgnoreCase) ? AnswerKind.Missing : answer.Kind;
        return new(kind, kind == AnswerKind.Done ? AccountingText.Parse(answer.Output) : null, answer.Words);
    }

    async Task<string?> Control(string verb, long job, CancellationToken cancellation)
    {
        var answer = await calls.Run(new("scontrol", [verb, $"{job}"], CallUrgency.Submit), cancellation);
        return answer.Kind == AnswerKind.Done ? null : answer.Words;
    }

    static bool IsGone(SlurmAnswer answer) =>
        answer.Kind == AnswerKind.Refused
        && (answer.Errors.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase) || answer.Errors.Contains("already completing or completed", StringComparison.OrdinalIgnoreCase) || answer.Errors.Trim().Length == 0);
}
