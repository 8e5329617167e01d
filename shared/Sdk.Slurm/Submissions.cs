using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Sdk.Slurm.Planning;
using Holoflow.Slurm;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Submission;

namespace Holoflow.Sdk.Slurm;

/// <summary>Submits jobs, one after the other, while the run goes on. One that got no answer is searched for until it is found, or submitted for sure.</summary>
sealed class Submissions(ISlurmCalls calls, SlurmSite site, TimeProvider time)
{
    const int MostFailures = 3;

    static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    readonly Submitter _submitter = new(calls, site, time);
    readonly Queue<(ClusterJob Job, Func<Task> Prepare, DateTimeOffset NotBefore)> _waiting = new();
    readonly Dictionary<AllocationShape, (int Failures, DateTimeOffset At, string Why)> _failures = [];
    (ClusterJob Job, Func<Task> Prepare, Task<SubmitOutcome> Running)? _current;

    /// <summary>True where nothing is on its way.</summary>
    public bool IsEmpty => _current is null && _waiting.Count == 0;

    /// <summary>Submits a job when those before it are submitted.</summary>
    /// <param name="job">The job.</param>
    /// <param name="prepare">Writes what has to lie in its directory.</param>
    public void Begin(ClusterJob job, Func<Task> prepare) => _waiting.Enqueue((job, prepare, DateTimeOffset.MinValue));

    /// <summary>The answers that have come.</summary>
    public async Task<IReadOnlyList<(ClusterJob Job, SubmitOutcome Outcome)>> Take()
    {
        var taken = new List<(ClusterJob, SubmitOutcome)>();
        if (_current is { Running.IsCompleted: true } done)
        {
            _current = null;
            var outcome = await done.Running;
            taken.Add((done.Job, outcome));
            if (outcome is SubmitOutcome.Unknown)
                _waiting.Enqueue((done.Job, () => Task.CompletedTask, time.GetUtcNow() + AgainAfter));
        }

        if (_current is null && _waiting.TryPeek(out var next) && next.NotBefore <= time.GetUtcNow())
        {
            _waiting.Dequeue();
            _current = (next.Job, next.Prepare, Task.Run(() => Submit(next.Job, next.Prepare)));
        }

        return taken;
    }

    /// <summary>Notes how an allocation ended: several in a row that never worked are trouble.</summary>
    public void NoteEnd(AllocationShape shape, bool isHealthy, string why, DateTimeOffset now)
    {
        if (isHealthy)
            _failures.Remove(shape);
        else
            _failures[shape] = (_failures.GetValueOrDefault(shape).Failures + 1, now, why);
    }

    /// <summary>False for a while after an allocation that never worked, longer each time.</summary>
    public bool MayRequest(AllocationShape shape, DateTimeOffset now) => !_failures.TryGetValue(shape, out var f) || now - f.At >= TimeSpan.FromSeconds(Math.Pow(3, f.Failures));

    /// <summary>Why there is no use in waiting for an allocation; null where there is.</summary>
    public string? TroubleWith(AllocationShape shape) =>
        _failures.TryGetValue(shape, out var f) && f.Failures >= MostFailures ? $"{f.Failures} allocations in a row ended before they worked; the last: {f.Why}" : null;

    async Task<SubmitOutcome> Submit(ClusterJob job, Func<Task> prepare)
    {
        try
        {
            if (!job.IsFound && !job.IsCancelling)
            {
                await prepare();
                return await _submitter.Submit(job.Request, CancellationToken.None);
            }

            var directory = new JobDirectory(job.Request.Directory);
            return directory.WasSubmitted && await _submitter.Search(job.Key, directory, CancellationToken.None) is { } found ? found : new SubmitOutcome.Refused(SubmitRefusal.Other, "it is not in Slurm");
        }
        catch (SubmitRequestException e)
        {
            return new SubmitOutcome.Refused(SubmitRefusal.Other, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SubmitOutcome.Refused(SubmitRefusal.Other, $"its directory cannot be written: {e.Message}");
        }
    }
}
