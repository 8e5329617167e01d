using System.Diagnostics;

namespace Holoflow.HolographyBenchmarks;

/// <summary>Times alternately, so that both sides meet the same load, and keeps each side's best.</summary>
static class Clock
{
    public static (double First, double Second) Best(int rounds, Action first, Action second)
    {
        double bestFirst = double.MaxValue, bestSecond = double.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            bestFirst = Math.Min(bestFirst, Seconds(first));
            bestSecond = Math.Min(bestSecond, Seconds(second));
        }
        return (bestFirst, bestSecond);
    }

    public static void Report(string what, double bytes, double ours, double twin) => Console.WriteLine(
        $"| {what} | {bytes / ours / 1e6:F0} MB/s | {bytes / twin / 1e6:F0} MB/s | {twin / ours:P0} |");

    static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
