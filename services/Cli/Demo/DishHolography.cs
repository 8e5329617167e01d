using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Holoflow.Sdk;

namespace Holoflow.Demo;

/// <param name="Antennas">How many dishes are measured.</param>
/// <param name="Scans">How many noisy scans of each beam are averaged.</param>
public sealed record DishParameters(
    [Description("How many dishes are measured"), Range(1, 64)] int Antennas = 12,
    [Description("How many noisy scans of each beam are averaged"), Range(1, 10_000)] int Scans = 600);

/// <summary>A measured beam: real and imaginary parts in turn.</summary>
public sealed record Beam(int Antenna, double[] Parts);

/// <summary>A recovered surface, in metres.</summary>
public sealed record Surface(int Antenna, double[] Metres);

/// <summary>How well a surface was recovered, in micrometres.</summary>
public sealed record SurfaceError(int Antenna, double RmsMicrons, double RecoveredMicrons, double DifferenceMicrons);

/// <summary>Finds the misplaced panels of made-up dishes from their noisy beams.</summary>
public static class DishHolography
{
    const double NoisePerScan = 1.0;

    static readonly FlowTask<int, int, Beam> Scan = FlowTask.Define(
        "scan",
        (int antenna, int scans, TaskContext task) =>
        {
            var beam = new Dish(antenna).Beam();
            var noise = new Random(antenna + 1000);
            var mean = new Complex[beam.Length];
            for (var scan = 1; scan <= scans; scan++)
            {
                task.Cancellation.ThrowIfCancellationRequested();
                for (var i = 0; i < beam.Length; i++)
                    mean[i] += (beam[i] + (NoisePerScan * new Complex(Dish.Normal(noise), Dish.Normal(noise)))) / scans;
                task.Progress(scan, scans);
            }
            return new Beam(antenna, [.. mean.SelectMany(m => new[] { m.Real, m.Imaginary })]);
        },
        new() { RunName = "scan antenna {antenna}" });

    static readonly FlowTask<Beam, Surface> Recover = FlowTask.Define(
        "recover",
        (Beam beam, TaskContext task) => new Surface(beam.Antenna, Dish.Recover([.. beam.Parts.Chunk(2).Select(p => new Complex(p[0], p[1]))])),
        new() { Description = "Fourier transform of the beam to the aperture; its phase is the surface" });

    static readonly FlowTask<Surface, SurfaceError> Compare = FlowTask.Define("compare", (Surface surface, TaskContext task) =>
    {
        var truth = new Dish(surface.Antenna).Surface;
        var error = new SurfaceError(
            surface.Antenna,
            Microns(Dish.Rms(truth)),
            Microns(Dish.Rms(surface.Metres)),
            Microns(Dish.Rms([.. surface.Metres.Select((m, i) => m - truth[i])])));
        task.Log.Info("antenna {antenna}: surface {rms} µm rms, found to {difference} µm", error.Antenna, error.RmsMicrons, error.DifferenceMicrons);
        return error;
    });

    static readonly FlowTask<SurfaceError[], string> Report = FlowTask.Define("report", (SurfaceError[] errors, TaskContext task) =>
    {
        var worst = errors.MaxBy(e => e.RmsMicrons)!;
        task.Artifacts.Table("surfaces", errors, "Surface errors");
        task.Artifacts.Markdown("summary", $"Antenna **{worst.Antenna}** needs its panels set first: {worst.RmsMicrons} µm rms.", "Summary");
        return $"antenna {worst.Antenna} needs its panels set first: {worst.RmsMicrons} µm rms";
    });

    /// <summary>Measures, recovers and compares every dish, and says which one to mend first.</summary>
    [Flow(Name = "dish-holography", Description = "Find the misplaced panels of made-up dishes from their noisy beams")]
    public static async Task<string> Run(DishParameters parameters, FlowContext flow)
    {
        var beams = Scan.Map(Enumerable.Range(1, parameters.Antennas), parameters.Scans);
        var verdict = await Report.Run(Compare.Map(Recover.Map(beams)));
        flow.Log.Info(verdict);
        return verdict;
    }

    static double Microns(double metres) => Math.Round(metres * 1e6, 1);
}
