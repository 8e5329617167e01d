using Holoflow.Holography.Accuracy;
using Holoflow.HolographyFlow.Demo;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Simulation;
using Holoflow.Sdk;

namespace Holoflow.HolographyFlow.Flows;

/// <summary>What the demonstration showed.</summary>
/// <param name="Folder">Where everything lies.</param>
/// <param name="Products">FITS files and pictures.</param>
/// <param name="Figures">How far the recovered beams are from the truth, beside the goals.</param>
/// <param name="GoalsReached">Whether all are reached.</param>
sealed record DemoResult(string Folder, string[] Products, AccuracyFigure[] Figures, bool GoalsReached);

/// <summary>Simulates a small observation, reduces it, and says how far the recovered beams are from the truth.</summary>
static class DemoFlow
{
    const int SchedulingBlock = 1;

    static readonly FlowTask<HolographyResult, SimulationResult, AccuracyFigure[]> CompareWithTruth = FlowTask.Define(
        "compare-with-truth", (HolographyResult products, SimulationResult simulated, TaskContext task) =>
        {
            string Product(string kind) => products.Files.Single(file => file.EndsWith(kind, StringComparison.Ordinal));
            var report = TruthComparison.Compare(Product(".cube.fits"), Product(".pointing.fits"), simulated.Truth!);
            task.Artifacts.Table("accuracy", report.Figures.Select(f => new { Figure = f.Name, f.Value, Goal = f.Goal, Reached = f.Reached }), "Recovered beams against the truth");
            return report.Figures.ToArray();
        }, new() { Description = "Sets the products beside the truth" });

    [Flow(Name = "demo", Description = "Simulates a small holography observation, reduces it, and sets the beams beside the truth", Version = "0.1.0")]
    public static async Task<DemoResult> Demo(DemoParameters parameters, FlowContext flow)
    {
        var folder = Path.GetFullPath(parameters.Folder ?? "holoflow-demo");
        Directory.CreateDirectory(folder);
        var simulated = await Flow.Run(SimulateFlow.Simulate, new SimulateParameters
        {
            Sbid = SchedulingBlock,
            Workdir = folder,
            Antennas = parameters.Antennas,
            ReferenceAntenna = parameters.Antennas / 2,
            Channels = parameters.Channels,
            RasterColumns = parameters.RasterPoints,
            RasterRows = parameters.RasterPoints,
            BeamModel = parameters.BeamModel,
            Faults = parameters.Faults,
            Replace = true,
        });
        flow.Progress(0.4, "simulated");
        var products = await Flow.Run(HolographyMainFlow.Holography, new HolographyParameters
        {
            Sbid = SchedulingBlock,
            Workdir = folder,
            MinAntennas = Math.Max(2, parameters.Antennas / 2),
            MinBeams = 1,
        });
        flow.Progress(0.95, "reduced");
        var figures = await CompareWithTruth.Run(products, simulated);
        var report = new AccuracyReport(figures);
        foreach (var line in report.ToTable().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            flow.Log.Info(line.TrimEnd());
        flow.Log.Info("products and pictures lie in {folder}", products.Folder);
        return new DemoResult(folder, products.Files, figures, report.Reached);
    }
}
