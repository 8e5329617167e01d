using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Flagging;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Reduction;
using Holoflow.Holography.Simulation;

namespace Holoflow.HolographyBenchmarks;

/// <summary>
/// A full-size beam (36 antennas, 288 channels, 15 x 15 raster, 101 x 101 pixels) through H5 to H8, then the same arrays through numpy and scipy in
/// the same run. The numpy side averages, regrids by scipy's cubic basis, normalises, forms Stokes and takes mean and robust error; it neither flags nor
/// measures positions, which ours does in the time shown.
/// </summary>
static partial class FullBeam
{
    public static async Task<int> Run(string[] arguments)
    {
        var python = arguments is [.., "--python", var given] ? given : "/usr/bin/python3";
        var mode = arguments is ["aperture", ..] ? RegridMode.VoltageAperture : RegridMode.VoltageRbf;
        var options = new SimulationOptions
        {
            Antennas = 36,
            Frequencies = [.. Enumerable.Range(0, 288).Select(c => 800e6 + (c * 1e6))],
            IntegrationsPerPoint = 5,
        };
        var simulator = new ObservationSimulator(options);
        var folder = Directory.CreateTempSubdirectory("full-beam-");
        try
        {
            var (voltages, raster, grid, seconds) = Ours(simulator, folder.FullName, mode);
            var memory = Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
            Console.WriteLine($"peak memory {memory:0} MiB, simulator included");
            GoalTable.Add($"full-size beam, H5 to H8, {mode}, s", seconds, 120);
            GoalTable.Add("memory at that, MiB", memory, 2048);
            Save(folder.FullName, options, voltages, raster, grid);
            return mode == RegridMode.VoltageAperture ? 0 : await Theirs(python, folder.FullName, seconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static (BeamVoltages Voltages, AchievedRaster Raster, OutputGrid Grid, double Seconds) Ours(ObservationSimulator simulator, string folder, RegridMode mode)
    {
        var o = simulator.Options;
        var grid = OutputGrid.ForBeam(o.Raster, o.Footprint, 14, 101);
        var raster = RasterExtraction.Extract(o.Raster, o.Source, simulator.Tracks(), o.Reference, simulator.Integrations(), new RasterExtractionOptions());
        var averaging = new Stopwatch();
        var processor = TimeSpan.Zero;
        var averager = new VoltageAverager(o.Antennas, o.Reference, o.Raster.Count, o.Frequencies.Count);
        using var rows = File.Create(Path.Combine(folder, "rows"));
        foreach (var block in simulator.Visibilities(14))
        {
            averaging.Start();
            var before = Environment.CpuUsage.TotalTime;
            for (var row = 0; row < block.Rows; row++)
            {
                var target = block.Antenna1[row] == o.Reference ? block.Antenna2[row] : block.Antenna1[row];
                if (raster.Uses(target, block.Integration))
                    averager.Add(block.Antenna1[row], block.Antenna2[row], raster.PointOf(block.Integration), block.RowData(row), block.RowFlags(row), block.RowWeights(row));
            }

            averaging.Stop();
            processor += Environment.CpuUsage.TotalTime - before;
            rows.Write(MemoryMarshal.AsBytes<float>(block.Data));
        }

        var started = Environment.CpuUsage.TotalTime;
        averaging.Start();
        var voltages = averager.Finish();
        averaging.Stop();
        var flagging = Stopwatch.StartNew();
        SumThreshold.Flag(voltages, new SumThresholdOptions(), Environment.ProcessorCount);
        flagging.Stop();
        var reducing = Stopwatch.StartNew();
        var mean = BeamReduction.Run(voltages, raster, grid, [.. o.Frequencies], o.Reference, new ReductionOptions { Mode = mode });
        reducing.Stop();
        processor += Environment.CpuUsage.TotalTime - started;
        File.WriteAllBytes(Path.Combine(folder, "mean"), MemoryMarshal.AsBytes<float>(mean.Mean).ToArray());
        var (average, flag, reduce) = (averaging.Elapsed.TotalSeconds, flagging.Elapsed.TotalSeconds, reducing.Elapsed.TotalSeconds);
        Console.WriteLine($"ours: average {average:0.00} s, flag {flag:0.00} s, regrid to mean {reduce:0.00} s, together {average + flag + reduce:0.00} s, processor time {processor.TotalSeconds:0.00} s");
        return (voltages, raster, grid, average + flag + reduce);
    }

    static void Save(string folder, SimulationOptions options, BeamVoltages voltages, AchievedRaster raster, OutputGrid grid)
    {
        using (var file = File.Create(Path.Combine(folder, "voltages")))
        {
            foreach (var antenna in voltages.Values) file.Write(MemoryMarshal.AsBytes<float>(antenna));
        }

        var description = new
        {
            antennas = options.Antennas,
            reference = options.Reference,
            channels = options.Frequencies.Count,
            points = options.Raster.Count,
            integrations = options.SettlingIntegrations + options.IntegrationsPerPoint,
            settling = options.SettlingIntegrations,
            offsets = raster.Offsets.Select(row => row.Select(s => new[] { s.L, s.M })),
            l = Enumerable.Range(0, grid.Pixels).Select(grid.L),
            m = Enumerable.Range(0, grid.Pixels).Select(grid.M),
        };
        File.WriteAllText(Path.Combine(folder, "description.json"), JsonSerializer.Serialize(description));
    }

    static async Task<int> Theirs(string python, string folder, double ours)
    {
        var start = new ProcessStartInfo(python) { UseShellExecute = false, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "full_beam.py"));
        start.ArgumentList.Add(folder);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line);
            if (Together().Match(line) is { Success: true } match)
                GoalTable.Add("that beside numpy and scipy, which neither flag nor measure positions: ours / theirs", ours / double.Parse(match.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture), 1);
        }
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    [GeneratedRegex(@"together (?<seconds>[\d.]+) s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Together();
}
