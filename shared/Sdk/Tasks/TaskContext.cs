namespace Holoflow.Sdk;

/// <summary>What the body of a task is given: its log, its token, its progress, its artifacts.</summary>
public sealed class TaskContext
{
    static readonly AsyncLocal<TaskContext?> Ambient = new();

    readonly TaskIdentity _task;
    readonly IEntrySink _entries;
    readonly ProgressReporter _progress;
    readonly TaskContext? _outer;

    internal TaskContext(TaskIdentity task, IEntrySink entries, CancellationToken cancellation, int executionNumber)
    {
        _task = task;
        _entries = entries;
        Cancellation = cancellation;
        ExecutionNumber = executionNumber;
        Log = new RunLogger(entries, task.Run, task.Id, task.Name);
        Artifacts = new ArtifactWriter(entries, task.Run, task.Id);
        _progress = new ProgressReporter(entries, task.Run, task.Id);
        _outer = Ambient.Value;
        Ambient.Value = this;
        if (task.ForwardsConsole)
            ConsoleForwarding.Install();
    }

    /// <summary>The context of the task whose body runs here.</summary>
    /// <exception cref="InvalidOperationException">No task runs here.</exception>
    public static TaskContext Current => CurrentOrNull ?? throw new InvalidOperationException("no task runs here");

    /// <summary>The task run's id.</summary>
    public Guid TaskRunId => _task.Id;

    /// <summary>Stable within the run over attempts, e.g. <c>regrid-7</c>.</summary>
    public string TaskKey => _task.Key;

    /// <summary>The task run's name for people.</summary>
    public string RunName => _task.RunName;

    /// <summary>Which execution within this attempt of the run it is, from 1: above 1, it is a retry.</summary>
    public int ExecutionNumber { get; }

    public RunLogger Log { get; }

    public ArtifactWriter Artifacts { get; }

    /// <summary>Cancelled when the run is, or when the task's time is over.</summary>
    public CancellationToken Cancellation { get; internal set; }

    /// <summary>The run's directory, on the file system that its tasks share.</summary>
    public string RunDirectory => _entries.Directory.Path;

    internal static TaskContext? CurrentOrNull => Ambient.Value;

    internal TimeProvider Time => _entries.Time;

    /// <summary>Where its place is; null: it is executed on a cluster.</summary>
    internal LocalTaskRunner? Runner { get; init; }

    internal bool ForwardsConsole => _task.ForwardsConsole;

    /// <summary>Tells how far the task is. Call it as often as you like: it is written a few times a second.</summary>
    /// <param name="fraction">0 to 1.</param>
    /// <param name="message">What it is doing.</param>
    public void Progress(double fraction, string? message = null) => _progress.Report(fraction, null, null, message);

    /// <summary>Tells how far the task is.</summary>
    /// <param name="count">How many are done.</param>
    /// <param name="total">Of how many.</param>
    /// <param name="message">What it is doing.</param>
    public void Progress(long count, long total, string? message = null) =>
        _progress.Report(total > 0 ? Math.Clamp((double)count / total, 0, 1) : null, count, total, message);

    internal async Task<IDisposable> TakeSlots(IReadOnlyList<string> names)
    {
        if (_entries is not RunSession session)
            throw new InvalidOperationException($"task '{_task.Key}' is executed on a cluster and cannot ask for slots itself: name {string.Join(" and ", names.Select(name => $"'{name}'"))} in its TaskOptions.Limits");
        Runner?.Release();
        try
        {
            return await session.Slots.Take(_task.Id, names, _task.Run, Cancellation);
        }
        finally
        {
            Runner?.Return();
        }
    }

    internal void Finish()
    {
        _progress.Finish();
        Ambient.Value = _outer;
    }
}
