namespace Holoflow.Sdk;

/// <summary>Executes tasks on the thread pool, in order of readiness, so many at a time. While it is paused, none is started.</summary>
sealed class LocalTaskRunner
{
    /// <summary>No limit to how many are executed at a time.</summary>
    public const int Unlimited = int.MaxValue;

    readonly Lock _gate = new();
    readonly Queue<TaskExecution> _waiting = new();
    int _free;
    bool _paused;

    public LocalTaskRunner(int concurrency, bool paused)
    {
        _free = concurrency;
        _paused = paused;
        // A task may block its thread; the pool would add threads for the others only after a while.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        if (concurrency > workers && concurrency != Unlimited)
            ThreadPool.SetMinThreads(concurrency, ports);
    }

    public void Enqueue(TaskExecution execution)
    {
        lock (_gate)
        {
            if (_paused || _free <= 0)
            {
                _waiting.Enqueue(execution);
                return;
            }
            _free--;
        }
        Start(execution);
    }

    /// <summary>An execution ended: its place goes to the next.</summary>
    public void Release()
    {
        TaskExecution? next;
        lock (_gate)
        {
            if (_paused || _free < 0 || !_waiting.TryDequeue(out next))
            {
                _free++;
                return;
            }
        }
        Start(next);
    }

    /// <summary>An execution that gave its place back while it waited goes on: at once, even where all places are taken by now.</summary>
    public void Return()
    {
        lock (_gate)
            _free--;
    }

    public void SetPaused(bool paused)
    {
        var started = new List<TaskExecution>();
        lock (_gate)
        {
            _paused = paused;
            while (!paused && _free > 0 && _waiting.TryDequeue(out var next))
            {
                _free--;
                started.Add(next);
            }
        }
        started.ForEach(Start);
    }

    static void Start(TaskExecution execution) => ThreadPool.UnsafeQueueUserWorkItem(execution, preferLocal: false);
}
