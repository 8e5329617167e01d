using Holoflow.Holography.Accuracy;
using Holoflow.Holography.Fits;
using Holoflow.HolographyFlow.Demo;
using Holoflow.HolographyFlow.Flows;
using Holoflow.Sdk.Testing;

namespace Holoflow.HolographyFlow.Tests.Flows;

/// <summary>What the flow is told of the source and of the reference antenna, and where the MeasurementSets lie.</summary>
public sealed class CalibrationTests
{
    const string Double = """
        {"referenceFrequencyMegahertz": 1082, "components": [
            {"offsetEastArcsec": 0, "offsetNorthArcsec": 0, "fluxJansky": 200, "spectralIndex": -0.8},
            {"offsetEastArcsec": 20, "offsetNorthArcsec": -10, "fluxJansky": 90, "majorArcsec": 15, "minorArcsec": 8, "positionAngleDegrees": 30}]}
        """;

    [Fact]
    public async Task A_resolved_source_is_divided_by_its_model()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("model.json"), Double, TestContext.Current.CancellationToken);
        using var observation = await SmallObservation.Simulate(p => p with { SourceModel = folder.File("model.json"), Faults = ["resolved-source"], SefdJansky = 0 });
        var with = await observation.Reduced(p => p with { SourceModel = folder.File("model.json") });
        Assert.True(Figure(observation, with, "I rms") < 0.004);

        await File.WriteAllTextAsync(folder.File("bad.json"), """{"referenceFrequencyMegahertz": 1082, "components": []}""", TestContext.Current.CancellationToken);
        Assert.Contains("at least one component", (await observation.Reduce(p => p with { SourceModel = folder.File("bad.json") })).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_XY_phase_of_the_reference_is_corrected_by_its_file_and_the_header_says_what_was_assumed()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.File("xy.json"), """{"amplitude": [1, 1, 1, 1, 1, 1], "phaseDegrees": [40, 40, 40, 40, 40, 40]}""", TestContext.Current.CancellationToken);
        using var observation = await SmallObservation.Simulate(p => p with { ReferenceXyPhaseDegrees = 40, SefdJansky = 0 });
        var assumed = await observation.Reduced();
        var wrong = Figure(observation, assumed, "leakage");
        Assert.Contains("taken as calibrated", History(assumed), StringComparison.Ordinal);
        var corrected = await observation.Reduced(p => p with { ReferenceXyPhase = folder.File("xy.json") });
        Assert.Contains("corrected by the file", History(corrected), StringComparison.Ordinal);
        var right = Figure(observation, corrected, "leakage");
        Assert.True(right < 0.002 && wrong > 2 * right, $"leakage error {wrong} as it is, {right} corrected");
    }

    [Fact]
    public async Task MeasurementSets_that_lie_elsewhere_are_staged_with_their_checksums()
    {
        using var source = await SmallObservation.Simulate();
        using var target = new TemporaryFolder();
        var run = await FlowTest.Run(HolographyMainFlow.Holography, source.Reduction with
        {
            Workdir = target.Path,
            SourceDirectory = source.Root,
            SchedulingBlockPath = Path.Combine(source.Root, "scheduling-block.json"),
        });
        Assert.True(run.State.IsCompleted, $"{run.State}\n{run.Failure}");
        var root = target.File($"{SmallObservation.Sbid}");
        Assert.Equal(3, Directory.GetDirectories(root, "*.ms").Length);
        Assert.Equal(3, Directory.GetFiles(root, "*.sha256.json").Length);
        Assert.False(Directory.Exists(source.Products));
    }

    static double Figure(SmallObservation observation, FlowTestResult<HolographyResult> run, string name)
    {
        string Product(string kind) => run.Result.Files.Single(file => file.EndsWith(kind, StringComparison.Ordinal));
        AccuracyReport report = TruthComparison.Compare(Product(".cube.fits"), Product(".pointing.fits"), Path.Combine(observation.Root, "truth.fits"));
        return report.Figures.Single(figure => figure.Name.StartsWith(name, StringComparison.Ordinal)).Value;
    }

    static string History(FlowTestResult<HolographyResult> run)
    {
        using var cube = FitsReader.Open(run.Result.Files[0]);
        return string.Concat(cube.Units[0].Header.Cards.Where(card => card.Keyword == "HISTORY").Select(card => card.Format()[8..]));
    }
}
