using Holoflow.ReadModel.Scheduling;

namespace Holoflow.Scheduler.Offers;

/// <summary>What limited tags have room for in one pass: a run that fits takes its part of it.</summary>
sealed class TagRoom(IEnumerable<TagLoad> limits, IReadOnlyDictionary<string, int> underWay)
{
    readonly Dictionary<string, int> _left = limits.ToDictionary(l => l.Tag, l => l.Slots - l.Held - underWay.GetValueOrDefault(l.Tag), StringComparer.Ordinal);

    /// <summary>Whether each of the run's limited tags has room; then it is taken.</summary>
    public bool TryTake(WaitingRun run)
    {
        if (_left.Count == 0 || run.Tags.Count == 0)
            return true;
        var limited = run.Tags.Distinct(StringComparer.Ordinal).Where(_left.ContainsKey).ToList();
        if (!limited.TrueForAll(tag => _left[tag] > 0))
            return false;
        foreach (var tag in limited)
            _left[tag]--;
        return true;
    }
}
