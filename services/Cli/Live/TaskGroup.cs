using Holoflow.ApiModel.TaskRuns;

namespace Holoflow.Cli.Live;

/// <summary>All task runs of one task name within one flow run: counts, rate, and those that run now.</summary>
sealed class TaskGroup(string name)
{
    static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(30);

    readonly int[] _byType = new int[Enum.GetValues<TaskStateType>().Length];
    readonly Dictionary<Guid, TaskRunRow> _running = [];
    readonly Queue<DateTimeOffset> _recentEnds = new();
    DateTimeOffset? _firstStart;

    public string Name { get; } = name;

    public int Total { get; private set; }

    public int Cached { get; private set; }

    /// <summary>Task runs that execute now, oldest first.</summary>
    public IEnumerable<TaskRunRow> Running => _running.Values.OrderBy(t => t.StartedAt).ThenBy(t => t.Key, StringComparer.Ordinal);

    public int Ended => this[TaskStateType.Completed] + NotCompleted;

    /// <summary>Ended, but not well.</summary>
    public int NotCompleted => this[TaskStateType.Failed] + this[TaskStateType.Crashed] + this[TaskStateType.Cancelled];

    public int this[TaskStateType type] => _byType[(int)type];

    /// <summary>Takes a task run's new state in; <paramref name="before"/> is what was known of it.</summary>
    public void Apply(TaskRunRow? before, TaskRunRow now)
    {
        if (before is null)
            Total++;
        else
            _byType[(int)before.State.Type]--;
        _byType[(int)now.State.Type]++;
        Cached += Count(now) - Count(before);
        if (now.State.Type == TaskStateType.Running)
            _running[now.Id] = now;
        else
            _ = _running.Remove(now.Id);
        if (now.StartedAt is { } start && (_firstStart is null || start < _firstStart))
            _firstStart = start;
        if (now.State.IsFinal() && before?.State.IsFinal() != true)
            _recentEnds.Enqueue(now.EndedAt ?? now.State.At);

        static int Count(TaskRunRow? task) => task?.State.Name == "Cached" ? 1 : 0;
    }

    /// <summary>Task runs ended a second, over the last half minute; 0 where none ended.</summary>
    public double Rate(DateTimeOffset now)
    {
        while (_recentEnds.TryPeek(out var end) && end < now - RateWindow)
            _ = _recentEnds.Dequeue();
        if (_recentEnds.Count == 0)
            return 0;
        var since = _firstStart is { } start && start > now - RateWindow ? start : now - RateWindow;
        return _recentEnds.Count / Math.Max((now - since).TotalSeconds, 0.001);
    }

    /// <summary>
    /// When the known task runs will have ended: as they say themselves where all that are left run and do, else at the present rate;
    /// null: there is no saying, or they have.
    /// </summary>
    public TimeSpan? Left(DateTimeOffset now) =>
        Total == Ended ? null
        : _running.Count == Total - Ended && _running.Values.All(t => t.Progress?.SecondsLeft is >= 0) ? Seconds(_running.Values.Max(t => t.Progress!.SecondsLeft!.Value))
        : Rate(now) is > 0 and var rate ? Seconds((Total - Ended) / rate)
        : null;

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 8_640_000));
}
