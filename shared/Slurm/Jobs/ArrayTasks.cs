namespace Holoflow.Slurm.Jobs;

/// <summary>The array tasks that one line of squeue stands for: one that has started, or all that wait.</summary>
public sealed record ArrayTasks
{
    readonly IReadOnlyList<(int First, int Last, int Step)> _ranges;

    ArrayTasks(IReadOnlyList<(int, int, int)> ranges, int? throttle, bool isCut)
    {
        _ranges = ranges;
        Throttle = throttle;
        IsCut = isCut;
    }

    /// <summary>How many tasks Slurm runs at once, where limited.</summary>
    public int? Throttle { get; }

    /// <summary>True where the text was cut short: the rest of the tasks is not known.</summary>
    public bool IsCut { get; }

    public bool Contains(int index) => _ranges.Any(r => index >= r.First && index <= r.Last && (index - r.First) % r.Step == 0);

    public IEnumerable<int> Indices => _ranges.SelectMany(r => Enumerable.Range(0, (r.Last - r.First) / r.Step + 1).Select(i => r.First + i * r.Step));

    /// <summary>Reads <c>3</c>, <c>0-9</c>, <c>0-8:2,11%4</c>; what was cut short (<c>...</c>, a half number) is dropped and remembered.</summary>
    public static ArrayTasks Parse(string text)
    {
        var isCut = text.Contains("...", StringComparison.Ordinal);
        var throttleAt = text.IndexOf('%');
        int? throttle = throttleAt >= 0 && int.TryParse(text[(throttleAt + 1)..], out var limit) ? limit : null;
        var ranges = new List<(int, int, int)>();
        foreach (var part in (throttleAt >= 0 ? text[..throttleAt] : text).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Range(part) is { } range)
                ranges.Add(range);
            else
                isCut = true;
        }

        return new(ranges, throttle, isCut);
    }

    /// <summary>Writes indices in the shortest form that sbatch reads: <c>0-5,8</c>.</summary>
    public static string Format(IEnumerable<int> indices)
    {
        var parts = new List<string>();
        int? first = null, last = null;
        foreach (var index in indices.Order().Distinct())
        {
            if (last is { } l && index == l + 1)
            {
                last = index;
                continue;
            }

            Close();
            first = last = index;
        }

        Close();
        return string.Join(',', parts);

        void Close()
        {
            if (first is { } f && last is { } l)
                parts.Add(f == l ? $"{f}" : $"{f}-{l}");
        }
    }

    static (int, int, int)? Range(string part)
    {
        var step = 1;
        if (part.Split(':') is [var range, var stepText])
        {
            if (!int.TryParse(stepText, out step) || step < 1)
                return null;
            part = range;
        }

        return part.Split('-') switch
        {
            [var one] when int.TryParse(one, out var index) => (index, index, 1),
            [var from, var to] when int.TryParse(from, out var first) && int.TryParse(to, out var last) && first <= last => (first, last, step),
            _ => null,
        };
    }
}
