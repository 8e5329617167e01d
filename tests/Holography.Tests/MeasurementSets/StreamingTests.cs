using System.Diagnostics;
using System.Globalization;
using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Tables;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.MeasurementSets;

/// <summary>Memory does not grow with the MeasurementSet, neither in reading nor in writing.</summary>
public sealed class StreamingTests
{
    const int Rows = 666, Channels = 288, Correlations = 4, Cell = Channels * Correlations;
    const int Small = 4, Large = 10 * Small;
    const long HeapLimit = 96L << 20;
    const string Integrations = "HOLOFLOW_TEST_INTEGRATIONS";

    [Fact]
    public void A_MeasurementSet_is_written_and_read_an_integration_at_a_time()
    {
        var integrations = int.Parse(Environment.GetEnvironmentVariable(Integrations) ?? $"{Small}", CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        string path = folder.File("whole.ms");
        Write(path, integrations);
        Assert.Equal(((long)integrations * (integrations - 1) / 2 * Rows, integrations * (Rows * Cell / 3)), Read(path, integrations));
        if (integrations == Small)
            return;
        long size = (long)integrations * Rows * Cell * 8;
        Assert.True(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes <= HeapLimit && HeapLimit < size / 2, "the limit on the heap is not in force");
        Assert.InRange(Process.GetCurrentProcess().PeakWorkingSet64, 1, size);
    }

    [Fact]
    public async Task Ten_times_the_data_pass_through_a_process_whose_heap_holds_less_than_half_of_them()
    {
        string itself = typeof(StreamingTests).Assembly.Location, one = $"{typeof(StreamingTests).FullName}.{nameof(A_MeasurementSet_is_written_and_read_an_integration_at_a_time)}";
        var start = new ProcessStartInfo("dotnet", [itself, "--no-progress", "--filter-method", one])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Integrations] = $"{Large}", ["DOTNET_GCHeapHardLimit"] = HeapLimit.ToString("x", CultureInfo.InvariantCulture) },
        };
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0 && output.Contains("total: 1", StringComparison.Ordinal), $"it ended with {process.ExitCode}: {output}\n{await errors}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    static void Write(string path, int integrations)
    {
        var contents = SampleMeasurementSet.Contents(ByteOrder.LittleEndian) with
        {
            SpectralWindows = [new SpectralWindow("window", [.. Enumerable.Range(0, Channels).Select(c => 8e8 + (c * 1e6))], [.. Enumerable.Repeat(1e6, Channels)], 8e8, Channels * 1e6)],
        };
        using MeasurementSetWriter writer = MeasurementSetWriter.Create(path, contents);
        var rows = new MainRows(Rows) { Count = Rows };
        var (data, flags, weights) = (new ComplexSingle[Rows * Cell], new bool[Rows * Cell], new float[Rows * Correlations]);
        for (int k = 0; k < flags.Length; k++)
            flags[k] = k % 3 == 0;
        for (int integration = 0; integration < integrations; integration++)
        {
            for (int row = 0; row < Rows; row++)
            {
                rows.Time[row] = 5e9 + integration;
                data.AsSpan(row * Cell, Cell).Fill(new ComplexSingle(integration, row));
            }
            writer.Append(rows, data, flags, weights);
        }
        writer.Complete();
    }

    // What is read must be what was written: the first visibility of every row, and the flags.
    static (long Real, int Flagged) Read(string path, int integrations)
    {
        using MeasurementSet set = MeasurementSet.Open(path);
        var rows = new MainRows(Rows);
        var (data, flags) = (new ComplexSingle[Rows * Cell], new bool[Rows * Cell]);
        var (real, flagged) = (0L, 0);
        for (int integration = 0; integration < integrations; integration++)
        {
            set.Main.Read((long)integration * Rows, Rows, rows);
            Assert.Equal(5e9 + integration, rows.Time[Rows - 1]);
            set.Main.ReadData((long)integration * Rows, Rows, data);
            set.Main.ReadFlags((long)integration * Rows, Rows, flags);
            for (int row = 0; row < Rows; row++)
                real += (long)data[row * Cell].Real;
            flagged += flags.AsSpan().Count(true);
        }
        return (real, flagged);
    }
}
