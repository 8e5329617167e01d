using Holoflow.Api.Edge;

namespace Holoflow.Api.Reads;

/// <summary>How far a run is: whatever is told of its tasks is the same as long as this is.</summary>
/// <param name="Version">The run's version.</param>
/// <param name="EventsThrough">The last of its events that is stored.</param>
readonly record struct RunPosition(long Version, long EventsThrough);

/// <summary>Large answers about runs that have ended, each kept until its run is another or others need the room: those used longest ago go first.</summary>
sealed class KnownAnswers(long capacity)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, LinkedListNode<Known>> _known = new(StringComparer.Ordinal);
    readonly LinkedList<Known> _byUse = [];
    long _bytes;

    /// <summary>The answer at an address, of a run that is this far; null: it is not known.</summary>
    public RecordedAnswer? Find(string address, RunPosition position)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(address, out var node) || node.Value.Position != position)
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Answer;
        }
    }

    /// <summary>Keeps an answer whose reading began when the run was this far; what came meanwhile is told by a position that is farther.</summary>
    public void Keep(string address, RunPosition position, RecordedAnswer answer)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(address, out var old))
                Drop(old);
            if (answer.Body.Length > capacity)
                return;
            _known[address] = _byUse.AddFirst(new Known(address, position, answer));
            _bytes += answer.Body.Length;
            while (_bytes > capacity && _byUse.Last is { } last)
                Drop(last);
        }
    }

    void Drop(LinkedListNode<Known> node)
    {
        _byUse.Remove(node);
        _ = _known.Remove(node.Value.Address);
        _bytes -= node.Value.Answer.Body.Length;
    }

    sealed record Known(string Address, RunPosition Position, RecordedAnswer Answer);
}
