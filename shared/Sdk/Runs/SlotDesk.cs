using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>
/// Where the tasks of a run ask for slots of concurrency limits. The journal carries the question to the server, and the control file brings its answer;
/// nobody holds a thread meanwhile.
/// </summary>
/// <param name="append">Writes into the journal.</param>
/// <param name="limited">What has a limit; null: nobody gives slots, and all is granted.</param>
sealed class SlotDesk(Action<JournalEntry> append, IReadOnlyList<string>? limited)
{
    readonly Lock _gate = new();
    readonly Dictionary<Guid, TaskCompletionSource> _waiting = [];
    volatile HashSet<string>? _limited = limited?.ToHashSet(StringComparer.Ordinal);
    Action? _onFirstWait;

    /// <summary>Called when somebody waits for the first time, perhaps at once: from then on an answer is worth being heard soon.</summary>
    public void OnFirstWait(Action action)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _onFirstWait = action;
                return;
            }
        }

        action();
    }

    /// <summary>Of which names a task with these tags needs slots.</summary>
    /// <param name="tags">Its tags: those that have a limit.</param>
    /// <param name="names">What it asks for by name: whether it has a limit or not, the server knows best.</param>
    public IReadOnlyList<string> Needed(IReadOnlyList<string> tags, IReadOnlyList<string> names) =>
        _limited is not { } limited || (tags.Count == 0 && names.Count == 0) ? [] : [.. tags.Where(limited.Contains).Union(names, StringComparer.Ordinal)];

    /// <summary>Waits for one slot of each limit; disposing of the answer gives them back.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public async Task<IDisposable> Take(Guid? task, IReadOnlyList<string> names, Guid? nestedRun, CancellationToken cancellation)
    {
        if (_limited is null || names.Count == 0)
            return new Slots(null);
        var request = Guid.CreateVersion7();
        var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action? onFirstWait;
        lock (_gate)
        {
            _waiting.Add(request, granted);
            (onFirstWait, _onFirstWait) = (_onFirstWait, null);
        }

        onFirstWait?.Invoke();
        append(new SlotsWanted { Run = nestedRun, Request = request, Task = task, Names = names });
        var slots = new Slots(() => append(new SlotsReleased { Run = nestedRun, Request = request }));
        try
        {
            await granted.Task.WaitAsync(cancellation);
            return slots;
        }
        catch (OperationCanceledException)
        {
            slots.Dispose();
            throw;
        }
        finally
        {
            lock (_gate)
                _waiting.Remove(request);
        }
    }

    /// <summary>These requests have got their slots; heard more than once, and of those that wait no longer.</summary>
    public void Granted(IReadOnlyList<Guid> requests)
    {
        foreach (var request in requests)
        {
            TaskCompletionSource? waiting;
            lock (_gate)
                waiting = _waiting.GetValueOrDefault(request);
            waiting?.TrySetResult();
        }
    }

    /// <summary>What has a limit from now on.</summary>
    public void SetLimited(IReadOnlyList<string> names) => _limited = names.ToHashSet(StringComparer.Ordinal);

    sealed class Slots(Action? giveBack) : IDisposable
    {
        Action? _giveBack = giveBack;

        public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
    }
}
