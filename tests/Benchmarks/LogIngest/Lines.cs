using Holoflow.Contracts;

namespace Holoflow.LogIngestBenchmarks;

/// <summary>The log of some runs, as flows write it: short lines, most without a task.</summary>
static class Lines
{
    public const int PerChunk = 1000;

    /// <summary>Chunk <paramref name="index"/> of a run.</summary>
    public static LogChunk Chunk(Guid run, int index)
    {
        var at = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var lines = new LogLine[PerChunk];
        for (var i = 0; i < PerChunk; i++)
        {
            var number = ((long)index * PerChunk) + i + 1;
            lines[i] = new LogLine(0, number, at.AddMilliseconds(number), 2, null, "flow", $"beam {number % 36} channel {number % 288}: solution converged after {number % 50} iterations, chi2 {number % 1000 / 100.0:0.00}");
        }

        return new LogChunk(run, "benchmark", lines);
    }
}
