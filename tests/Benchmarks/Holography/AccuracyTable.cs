using System.Diagnostics;
using Holoflow.Holography.Accuracy;
using Holoflow.Holography.Reduction;

namespace Holoflow.HolographyBenchmarks;

/// <summary>Prints the table of accuracy; its exit code says whether every goal is reached.</summary>
static class AccuracyTable
{
    public static int Run(string[] arguments)
    {
        var mode = arguments.ElementAtOrDefault(0) is "aperture" ? RegridMode.VoltageAperture : RegridMode.VoltageRbf;
        var channels = int.Parse(arguments.ElementAtOrDefault(1) ?? "288");
        var flux = double.Parse(arguments.ElementAtOrDefault(2) ?? "290");
        var watch = Stopwatch.StartNew();
        var report = AccuracyRun.Run(new AccuracyOptions
        {
            Channels = channels,
            FirstFrequency = 1088e6 - (channels * 1e6),
            Flux = flux,
            Reduction = new ReductionOptions { Mode = mode },
        });
        Console.WriteLine($"{mode}, 12 target antennas, {channels} channels up to 1087 MHz, {flux} Jy, {watch.Elapsed.TotalSeconds:0.0} s");
        Console.Write(report.ToTable());
        GoalTable.AddRange($"{mode}", report.Figures);
        return report.Reached ? 0 : 1;
    }
}
