using Holoflow.Slurm.Accounting;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Follow;

/// <summary>How often Slurm is asked.</summary>
/// <param name="QueueInterval">From one squeue to the next.</param>
/// <param name="AccountingInterval">From one sacct to the next, while jobs are out of the queue without a verdict.</param>
/// <param name="Grace">How long marks and records of a job that is out of the queue may take to arrive.</param>
public sealed record FollowIntervals(TimeSpan QueueInterval, TimeSpan AccountingInterval, TimeSpan Grace)
{
    public static FollowIntervals Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));
}

/// <summary>Follows many jobs by their marks, one squeue for all of them, and sacct for those that neither explains. Its owner calls <see cref="RunOnce"/> again and again.</summary>
public sealed class JobFollower
{
    // Marks are looked at about once a second, whether Slurm answers or not.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    readonly Dictionary<(JobKey, int?), Following> _jobs = [];
    readonly TimeProvider _time;
    readonly FollowIntervals _intervals;
    readonly Question<Asked<QueueAnswer>> _queueQuestion;
    readonly Question<Asked<IReadOnlyList<AccountingRecord>>> _accountingQuestion;
    IReadOnlyList<Following> _askedFor = [];
    QueueAnswer? _queue;
    bool _queueAnswered;
    DateTimeOffset _queueAt = DateTimeOffset.MinValue;

    public JobFollower(SlurmSite site, TimeProvider time, FollowIntervals intervals)
    {
        _time = time;
        _intervals = intervals;
        _queueQuestion = new(site.Queue, Patience, time);
        _accountingQuestion = new(cancellation => site.Accounting([.. _askedFor.Select(f => f.Job.JobId).Distinct()], cancellation), Patience, time);
    }

    public void Follow(FollowedJob job)
    {
        lock (_lock)
            _jobs.TryAdd((job.Key, job.Task), new Following(job, _time.GetUtcNow()));
    }

    /// <summary>Notes that we ask for the job to be cancelled, so that its end is not taken for somebody else's doing.</summary>
    public void NoteCancel(JobKey key, int? task)
    {
        lock (_lock)
        {
            foreach (var following in _jobs.Values.Where(f => f.Job.Key == key && (task is null || f.Job.Task == task)))
                following.CancelAsked = true;
        }
    }

    /// <summary>One pass: reads the marks, asks Slurm where it is time to, and tells what is new. A job that is over is followed no more.</summary>
    public async Task<FollowPass> RunOnce(CancellationToken cancellation)
    {
        List<Following> jobs;
        lock (_lock)
            jobs = [.. _jobs.Values];
        if (jobs.Count == 0)
            return new([], 0, 0);
        var now = _time.GetUtcNow();
        var asked = await AskQueue(now, cancellation);
        // Marks are read after the queue: a mark is written before the job leaves it.
        var marks = new Dictionary<string, IReadOnlyDictionary<int, JobMark>?>(StringComparer.Ordinal);
        foreach (var directory in jobs.Select(f => f.Job.Directory).Distinct(StringComparer.Ordinal))
            marks[directory] = await JobMarks.Read(directory, cancellation);
        foreach (var following in jobs)
            following.Hear(JobMarks.Of(marks[following.Job.Directory], following.Job.Task), _queueAnswered ? _queue : null, _queueAt, now, _intervals.Grace);
        asked += await AskAccounting(jobs, now, cancellation);
        var changes = jobs.Select(f => f.Decide(now)).OfType<FollowedChange>().ToList();
        lock (_lock)
        {
            foreach (var over in changes.Where(c => c.Verdict.IsOver))
                _jobs.Remove((over.Job.Key, over.Job.Task));
            return new(changes, asked, _jobs.Count);
        }
    }

    async Task<int> AskQueue(DateTimeOffset now, CancellationToken cancellation)
    {
        var isDue = !_queueQuestion.IsRunning && now - _queueQuestion.AskedAt >= _intervals.QueueInterval;
        if (isDue)
            _queueQuestion.Begin(cancellation);
        if (await _queueQuestion.Take(cancellation) is { } answer)
        {
            _queueAnswered = answer.Kind == AnswerKind.Done;
            _queue = answer.Value ?? _queue;
            _queueAt = _queueQuestion.AskedAt;
        }

        return isDue ? 1 : 0;
    }

    async Task<int> AskAccounting(List<Following> jobs, DateTimeOffset now, CancellationToken cancellation)
    {
        var unexplained = jobs.Where(f => f.IsUnexplained).ToList();
        var isDue = unexplained.Count > 0 && !_accountingQuestion.IsRunning && now - _accountingQuestion.AskedAt >= _intervals.AccountingInterval;
        if (isDue)
        {
            _askedFor = unexplained;
            _accountingQuestion.Begin(cancellation);
        }

        if (await _accountingQuestion.Take(cancellation) is { } answer)
        {
            foreach (var following in _askedFor)
                following.Accounting = answer.Value is { } records ? AccountingWitness.Of(Record(records, following.Job)) : AccountingWitness.NoAnswer;
        }

        return isDue ? 1 : 0;
    }

    static AccountingRecord? Record(IReadOnlyList<AccountingRecord> records, FollowedJob job) => records.FirstOrDefault(r => r.SubmittedId == job.JobId && r.Task == job.Task && string.Equals(r.Name, job.Key.Text, StringComparison.Ordinal));

    /// <summary>What is known of one job.</summary>
    sealed class Following(FollowedJob job, DateTimeOffset since)
    {
        JobMark _mark = JobMark.None;
        QueueEntry? _entry;
        string _partition = "";
        QueueWitness _queue = QueueWitness.NoAnswer;
        DateTimeOffset? _goneSince;
        bool _graceOver;
        bool _isAskedFor;
        (JobFate, string, int)? _told;

        public FollowedJob Job => job;

        public bool CancelAsked { get; set; }

        public AccountingWitness Accounting { get; set; } = AccountingWitness.NoAnswer;

        /// <summary>True where the queue and the mark do not say how it ended.</summary>
        public bool IsUnexplained => _queue.Sight != Sight.Present && !JobVerdict.Decide(Witnesses with { GraceOver = false }).IsOver;

        JobWitnesses Witnesses => new(_mark, _queue, Accounting, CancelAsked, _graceOver);

        public void Hear(JobMark mark, QueueAnswer? queue, DateTimeOffset askedAt, DateTimeOffset now, TimeSpan grace)
        {
            _mark = mark;
            _isAskedFor |= askedAt >= since;
            // An answer from before the job was submitted knows nothing of it.
            if (queue is not null && askedAt >= since)
            {
                _entry = queue.Find(job.JobId, job.Task) is { } entry && entry.Key == job.Key ? entry : null;
                _queue = QueueWitness.Of(_entry);
                _partition = _entry?.Partition ?? _partition;
            }
            else if (queue is null)
            {
                _queue = QueueWitness.NoAnswer;
            }

            var isGone = _queue.Sight == Sight.Absent || _queue is { Sight: Sight.Present, State.IsEnd: true };
            // Where the queue stops to answer, what it last said of a job that was over stays true.
            _goneSince = isGone ? _goneSince ?? now : _queue.Sight == Sight.Present ? null : _goneSince;
            _graceOver = _goneSince is { } gone && now - gone >= grace;
        }

        public FollowedChange? Decide(DateTimeOffset now)
        {
            // Before the first question there is nothing to tell, but for what the job itself says.
            if (!_isAskedFor && _mark.Kind is MarkKind.None or MarkKind.Unreadable)
                return null;
            var verdict = JobVerdict.Decide(Witnesses);
            var told = (verdict.Fate, verdict.Message, verdict.Attempt);
            if (_told == told)
                return null;
            _told = told;
            var node = _mark.Node.Length > 0 ? _mark.Node : _entry?.Nodes ?? "";
            return new(job, verdict, _entry?.State.Kind == JobStateKind.Pending ? SlurmTime.Estimate(_entry.Start, now) : null, node, _partition);
        }
    }
}
