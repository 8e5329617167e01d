namespace Holoflow.Sdk.Slurm.Planning;

/// <summary>What the tasks of each name have taken.</summary>
sealed class TaskDurations
{
    readonly Dictionary<string, (int Count, double Sum, double Longest)> _byName = new(StringComparer.Ordinal);

    public void Add(string name, double seconds)
    {
        var (count, sum, longest) = _byName.GetValueOrDefault(name);
        _byName[name] = (count + 1, sum + seconds, Math.Max(longest, seconds));
    }

    /// <summary>In seconds; null: none has ended yet.</summary>
    public double? Mean(string name) => _byName.TryGetValue(name, out var all) ? all.Sum / all.Count : null;

    /// <summary>The longest; null: none has ended yet.</summary>
    public TimeSpan? Longest(string name) => _byName.TryGetValue(name, out var all) ? TimeSpan.FromSeconds(all.Longest) : null;
}
