using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Holoflow.CliBenchmarks;

/// <summary>One finished command.</summary>
/// <param name="Began">When it was started.</param>
/// <param name="Wall">From start to end.</param>
/// <param name="Cpu">User and system time of it and all that it waited for.</param>
/// <param name="Output">Its standard output.</param>
sealed record Sample(DateTimeOffset Began, TimeSpan Wall, TimeSpan Cpu, string Output)
{
    public static async Task<Sample> Of(string program, string home, IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        using var process = new Process { StartInfo = StartInfo(program, home, variables, arguments) };
        var before = Rusage.OfChildren();
        var began = TimeProvider.System.GetUtcNow();
        var start = Stopwatch.GetTimestamp();
        process.Start();
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var wall = Stopwatch.GetElapsedTime(start);
        if (process.ExitCode != 0 || await errors != "")
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return new Sample(began, wall, Rusage.OfChildren() - before, output);
    }

    public static ProcessStartInfo StartInfo(string program, string home, IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("HOLOFLOW_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOLOFLOW_HOME"] = home;
        foreach (var (name, value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return start;
    }
}

/// <summary>What samples have in common, for a table.</summary>
static class Samples
{
    public static string Row(IReadOnlyList<Sample> samples) =>
        $"{Seconds(samples.Select(s => s.Wall))} s | {Median(samples.Select(s => s.Cpu)).TotalSeconds:0.000} s";

    public static string Seconds(IEnumerable<TimeSpan> times)
    {
        var all = times.Order().ToList();
        return $"{Median(all).TotalSeconds:0.000} ({all[0].TotalSeconds:0.000}-{all[^1].TotalSeconds:0.000})";
    }

    public static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        var all = times.Order().ToList();
        return all[all.Count / 2];
    }
}

/// <summary>CPU time of ended child processes, from the kernel.</summary>
static partial class Rusage
{
    const int Children = -1;
    const int LongsInStruct = 18;

    public static TimeSpan OfChildren()
    {
        Span<long> usage = stackalloc long[LongsInStruct];
        return Get(Children, usage) == 0
            ? TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3])
            : throw new InvalidOperationException("getrusage failed");
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int Get(int who, Span<long> usage);
}
