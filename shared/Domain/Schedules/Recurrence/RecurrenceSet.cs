namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>Several rules and dates taken together, less the excluded dates: RFC 5545's recurrence set, dateutil's rruleset.</summary>
sealed class RecurrenceSet(IReadOnlyList<RecurrenceRule> rules, IEnumerable<DateTime> dates, IEnumerable<DateTime> excluded)
{
    readonly DateTime[] _dates = [.. dates.Distinct().Order()];
    readonly HashSet<DateTime> _excluded = [.. excluded];

    /// <summary>The wall times at <paramref name="from"/> or later, in order, each once.</summary>
    public IEnumerable<DateTime> WallTimes(DateTime from)
    {
        var sources = rules.Select(rule => rule.WallTimes(from)).Append(_dates.Where(date => date >= from));
        var queue = new PriorityQueue<IEnumerator<DateTime>, DateTime>();
        foreach (var source in sources.Select(source => source.GetEnumerator()))
        {
            if (source.MoveNext())
                queue.Enqueue(source, source.Current);
        }

        DateTime? previous = null;
        while (queue.TryPeek(out var source, out var wall))
        {
            if (source.MoveNext())
                queue.DequeueEnqueue(source, source.Current);
            else
                queue.Dequeue();
            if (wall != previous && !_excluded.Contains(wall))
                yield return wall;
            previous = wall;
        }
    }
}
