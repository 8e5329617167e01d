namespace Holoflow.Api.Events;

/// <summary>One change, as it goes to readers.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Json">The event as UTF-8 JSON.</param>
/// <param name="Subject">Events of one subject that say only "look again" stand for each other; null: each counts.</param>
readonly record struct BufferedEvent(long Number, ReadOnlyMemory<byte> Json, string? Subject);

/// <summary>
/// The newest changes in one ring for all readers: a thousand readers cost no more memory than one, and a slow one
/// loses events instead of holding them.
/// </summary>
sealed class EventBuffer(int capacity)
{
    readonly BufferedEvent[] _ring = new BufferedEvent[capacity];
    readonly Lock _lock = new();
    TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _newest;

    /// <summary>The number of the newest event; 0: there was none.</summary>
    public long Newest
    {
        get
        {
            lock (_lock)
                return _newest;
        }
    }

    public void Add(ReadOnlyMemory<byte> json, string? subject = null)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            _newest++;
            _ring[_newest % capacity] = new BufferedEvent(_newest, json, subject);
            (waiting, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult();
    }

    /// <summary>Reads what came after an event.</summary>
    /// <param name="after">The last event that the reader has.</param>
    /// <param name="events">Takes them.</param>
    /// <returns>False where some of them are gone already; then none is read.</returns>
    public bool Read(long after, List<BufferedEvent> events)
    {
        lock (_lock)
        {
            if (after > _newest || _newest - after > capacity)
                return false;
            for (var number = after + 1; number <= _newest; number++)
                events.Add(_ring[number % capacity]);
            return true;
        }
    }

    /// <summary>Ends when there is an event after <paramref name="after"/>.</summary>
    public Task WaitForMore(long after)
    {
        lock (_lock)
            return _newest > after ? Task.CompletedTask : _more.Task;
    }
}
