namespace Holoflow.Load;

/// <summary>The table of figures, printed line by line as they are measured.</summary>
static class Report
{
    public static void Begin()
    {
        Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load {Load()} at the start; all durability on\n");
        Console.WriteLine("| figure | goal | measured |\n|---|---|---|");
    }

    public static void Line(string figure, string goal, string measured) => Console.WriteLine($"| {figure} | {goal} | {measured} |");

    public static void End() => Console.WriteLine($"\nload {Load()} at the end");

    /// <summary>CPU of each process between two looks, the busiest first.</summary>
    public static string Shares(IReadOnlyList<(string Name, TimeSpan Cpu)> before, IReadOnlyList<(string Name, TimeSpan Cpu)> after, double count)
    {
        var earlier = before.ToDictionary(b => b.Name, b => b.Cpu, StringComparer.Ordinal);
        return string.Join(", ", after
            .Select(a => (a.Name, Milliseconds: (a.Cpu - earlier.GetValueOrDefault(a.Name)).TotalMilliseconds / count))
            .OrderByDescending(a => a.Milliseconds)
            .Select(a => $"{a.Name} {a.Milliseconds:0.000}"));
    }

    public static double CpuOf(IReadOnlyList<(string Name, TimeSpan Cpu)> before, IReadOnlyList<(string Name, TimeSpan Cpu)> after) =>
        after.Sum(a => a.Cpu.TotalMilliseconds) - before.Sum(b => b.Cpu.TotalMilliseconds);

    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}

/// <summary>Times of many of the same thing.</summary>
static class Percentiles
{
    /// <summary>The value that a share of them does not exceed.</summary>
    public static double At(this IReadOnlyList<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    /// <summary>Median and 99th percentile, for people.</summary>
    public static string Show(this IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return $"p50 {sorted.At(0.5):0.0} ms, p99 {sorted.At(0.99):0.0} ms";
    }
}
