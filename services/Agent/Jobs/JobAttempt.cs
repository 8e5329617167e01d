using System.Globalization;
using Holoflow.Agent.Follow;
using Holoflow.Agent.Launch;
using Holoflow.Agent.Runs;
using Holoflow.Agent.State;
using Holoflow.RunProtocol;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Profiles;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Agent.Jobs;

/// <summary>An attempt that is a Slurm job: submitted once, followed by its marks, squeue and sacct, and over when the job is gone.</summary>
sealed class JobAttempt : IAttempt
{
    static readonly TimeSpan SafetyTick = TimeSpan.FromSeconds(1);

    /// <summary>From an answer that did not come to the next question.</summary>
    static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long a job may take to be gone from the queue once its end was asked for; then it is asked for again.</summary>
    static readonly TimeSpan GonePatience = TimeSpan.FromMinutes(2);

    /// <summary>How long the streams of a program that has ended may hold its job: a full disk makes them wait.</summary>
    static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(10);

    readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly HeldRunRecord _record;
    readonly AgentContext _context;
    readonly ClusterLink _link;
    readonly AsyncSignal _wake;
    readonly JobRequest? _request;
    readonly JobReports _reports;
    readonly RunDirectory _directory;
    readonly JobKey _key;
    readonly string _jobDirectory;
    volatile FollowedChange? _heard;
    volatile bool _cancel;
    volatile bool _kill;
    long? _job;
    DateTimeOffset? _startedAt;

    JobAttempt(HeldRunRecord record, AgentContext context, ClusterLink link, AsyncSignal wake)
    {
        (_record, _context, _link, _wake) = (record, context, link, wake);
        _directory = new RunDirectory(record.RunDirectory);
        _key = JobInfrastructure.KeyOf(record);
        _jobDirectory = _directory.Job(record.Epoch);
        _reports = new JobReports(record, context);
    }

    /// <summary>A new one, to be submitted.</summary>
    public JobAttempt(HeldRunRecord record, AgentContext context, ClusterLink link, AsyncSignal wake, JobRequest request)
        : this(record, context, link, wake) => _request = request;

    /// <summary>One whose job was found again.</summary>
    public JobAttempt(HeldRunRecord record, AgentContext context, ClusterLink link, AsyncSignal wake, long job)
        : this(record, context, link, wake) => _job = job;

    public Task Started => _started.Task;

    public TimeSpan? TimedOutAfter { get; private set; }

    bool MustEnd => _cancel || _kill;

    public void Cancel()
    {
        _cancel = true;
        _wake.Pulse();
    }

    public void Kill()
    {
        _kill = true;
        _wake.Pulse();
    }

    public async Task<AttemptEnding> Run(CancellationToken cancellation)
    {
        if (_job is null && await Submit(cancellation) is { } never)
            return never;
        var telling = _reports.Run(cancellation);
        if (_request is not null)
            _reports.Submitted(_job!.Value);
        _link.Follow(new FollowedJob(_key, _job!.Value, null, _jobDirectory), change =>
        {
            _heard = change;
            _reports.Heard(change);
            _wake.Pulse();
        });
        var verdict = await See(cancellation);
        // The mark says how it ended; that it is gone, the queue does.
        if (MustEnd || TimedOutAfter is not null)
            await UntilGone(cancellation);
        await _reports.End(telling);
        return new AttemptEnding(Status(), verdict);
    }

    public void Dispose()
    {
        // Its job is Slurm's.
    }

    /// <summary>Submits the job.</summary>
    /// <returns>Null once it is; else how the attempt ended without.</returns>
    /// <exception cref="LaunchException">Slurm, or the profile, says no.</exception>
    async Task<AttemptEnding?> Submit(CancellationToken cancellation)
    {
        var profile = await Profile(cancellation);
        await EndEarlier(cancellation);
        RunPreparation.LayOut(_request!.Run, _directory);
        var directory = new JobDirectory(_jobDirectory);
        for (var isFirst = true; ; isFirst = false)
        {
            if (MustEnd && directory.TryClose())
            {
                await UntilGone(cancellation);
                return new AttemptEnding(null, new JobVerdict(JobFate.Cancelled, "cancelled before it started", 0));
            }

            switch (await TrySubmit(profile, cancellation))
            {
                case SubmitOutcome.Accepted accepted:
                    _job = accepted.JobId;
                    _context.Log.Submitted(_record.RunId, accepted.JobId, profile.Name, accepted.WasFound);
                    return null;
                case SubmitOutcome.Refused refused:
                    throw new LaunchException($"cluster profile '{profile.Name}': {refused.Message}");
                case SubmitOutcome.Unknown unknown when isFirst:
                    _context.Log.JobNotFoundYet(_record.RunId, unknown.Message);
                    break;
            }

            await _wake.Wait(AgainAfter, cancellation);
        }
    }

    async Task<ClusterProfile> Profile(CancellationToken cancellation)
    {
        try
        {
            return await _context.Clusters.Profile(_record.Cluster!, cancellation);
        }
        catch (ProfileException e)
        {
            throw new LaunchException($"cluster profile '{_record.Cluster}' on {Environment.MachineName}: {e.Message}", e);
        }
    }

    async Task<SubmitOutcome> TrySubmit(ClusterProfile profile, CancellationToken cancellation)
    {
        var plan = _request!.Plan;
        // The same supervisor as for a process of this machine: the streams are whole, and the exit status is the program's.
        string[] command =
        [
            "env", $"--chdir={plan.WorkingDirectory}",
            .. Supervisor.CommandOfJob(Path.Combine(_jobDirectory, "process"), _directory.ExitStatus(_record.Attempt), _directory.Stdout(_record.Attempt), _directory.Stderr(_record.Attempt), plan.Command),
        ];
        try
        {
            return await _link.Submitter.Submit(profile.Request(_key, _jobDirectory, command) with { Label = SubmitRequest.LabelOf(_record.RunName), Environment = _request.Environment }, cancellation);
        }
        catch (SubmitRequestException e)
        {
            throw new LaunchException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException($"the directory of the run's job, '{_jobDirectory}', cannot be written: {e.Message}", e) { IsLocal = true };
        }
    }

    // The store has given up an earlier attempt whose agent was cut off: two programs must not write one journal.
    async Task EndEarlier(CancellationToken cancellation)
    {
        if (!_directory.AllJobs.Any(path => path != _jobDirectory))
            return;
        var attempts = JobKey.Of(_record.RunId) + JobInfrastructure.KeyPrefix;
        await UntilGone(key => key != _key && key.Text.StartsWith(attempts, StringComparison.Ordinal), cancellation);
    }

    Task UntilGone(CancellationToken cancellation) => UntilGone(key => key == _key, cancellation);

    async Task UntilGone(Func<JobKey, bool> which, CancellationToken cancellation)
    {
        var jobs = new RunJobs(_link.Site, _context.Time);
        while (await jobs.End(queue => queue.LeftOf(which), GonePatience, cancellation) is { } left)
            _context.Log.JobsLeft(_record.RunId, left);
    }

    async Task<JobVerdict?> See(CancellationToken cancellation)
    {
        long? askedAt = null, exitedAt = null;
        var isKilled = false;
        while (_heard?.Verdict is not { IsOver: true })
        {
            var heard = _heard?.Verdict;
            if (_startedAt is null && heard?.Fate is JobFate.Running or JobFate.Suspended or JobFate.Ending)
                await NoteStart(cancellation);
            CheckTime();
            if (_kill || askedAt is { } since && _context.Time.GetElapsedTime(since) >= _context.Options.CancelGrace)
                isKilled = isKilled || await End(_link.Site.Cancel([(_job!.Value, null)], cancellation));
            else if ((_cancel || TimedOutAfter is not null) && askedAt is null && heard is not null)
                askedAt = await Ask(heard, cancellation) ? _context.Time.GetTimestamp() : null;
            else if (Status() is not null && await EndHeld(exitedAt ??= _context.Time.GetTimestamp(), cancellation))
                return null;
            await _wake.Wait(SafetyTick, cancellation);
        }

        await NoteStart(cancellation);
        return _heard?.Verdict;
    }

    // A job that runs is told to end and has its time; one that waits is taken back.
    Task<bool> Ask(JobVerdict heard, CancellationToken cancellation) =>
        End(heard.Fate is JobFate.Running or JobFate.Suspended or JobFate.Ending ? _link.Site.Terminate(_job!.Value, cancellation) : _link.Site.Cancel([(_job!.Value, null)], cancellation));

    async Task<bool> End(Task<string?> asked)
    {
        _link.NoteCancel(_key);
        if (await asked is not { } fault)
            return true;
        _context.Log.JobsLeft(_record.RunId, fault);
        return false;
    }

    // The program has ended, and something holds the job.
    async Task<bool> EndHeld(long exitedAt, CancellationToken cancellation)
    {
        // Where the batch script has seen the end too, Slurm is about to say how it came.
        if (_context.Time.GetElapsedTime(exitedAt) < OutputGrace || (await Mark(cancellation)).Kind == MarkKind.Ended)
            return false;
        await UntilGone(cancellation);
        return true;
    }

    async Task NoteStart(CancellationToken cancellation)
    {
        var mark = await Mark(cancellation);
        if (mark.Kind is not (MarkKind.Started or MarkKind.Ended) && Status() is null && !File.Exists(_directory.Stdout(_record.Attempt)))
            return;
        _startedAt ??= mark.StartedAt ?? _context.Time.GetUtcNow();
        _started.TrySetResult();
    }

    async Task<JobMark> Mark(CancellationToken cancellation) => JobMarks.Of(await JobMarks.Read(_jobDirectory, cancellation), null);

    void CheckTime()
    {
        if (_record.TimeoutSeconds > 0 && TimedOutAfter is null && _startedAt is { } at && (_context.Time.GetUtcNow() - at).TotalSeconds >= _record.TimeoutSeconds)
            TimedOutAfter = TimeSpan.FromSeconds(_record.TimeoutSeconds);
    }

    int? Status()
    {
        var file = _directory.ExitStatus(_record.Attempt);
        return File.Exists(file) && File.ReadAllText(file) is [.. var text, '\n'] && int.TryParse(text, CultureInfo.InvariantCulture, out var status) ? status : null;
    }
}
