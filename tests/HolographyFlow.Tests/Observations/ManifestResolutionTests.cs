using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;

namespace Holoflow.HolographyFlow.Tests.Observations;

public sealed class ManifestResolutionTests
{
    static readonly SchedulingBlock Block = new()
    {
        SchedulingBlockId = 7,
        ReferenceAntenna = "AK01",
        RasterColumns = 15,
        RasterRows = 15,
        RasterStepDegrees = 0.6,
        Footprint = new FootprintEntry("closepack36", 0.9),
        PolarizationAxisDegrees = -45,
        Source = new SourceEntry("virgo", 187.7, 12.4),
    };

    static readonly HolographyParameters Parameters = new() { Sbid = 7, Workdir = "/data" };

    [Fact]
    public void A_scheduling_block_becomes_a_manifest()
    {
        Assert.Empty(ManifestResolution.Resolve(Block, Parameters, out var manifest));
        Assert.Equal(36, manifest!.ExpectedBeams);
        Assert.Equal(36, manifest.MinBeams);
        Assert.Equal(-45, manifest.PolarizationAxisDegrees);
    }

    [Fact]
    public void Parameters_win_over_the_scheduling_block()
    {
        var mistakes = ManifestResolution.Resolve(Block, Parameters with { GridAntenna = "AK05", PolAxisDegrees = 30, ExpectedBeams = 12, Beams = [3, 4] }, out var manifest);
        Assert.Empty(mistakes);
        Assert.Equal("AK05", manifest!.ReferenceAntenna);
        Assert.Equal(30, manifest.PolarizationAxisDegrees);
        Assert.Equal(12, manifest.ExpectedBeams);
        Assert.Equal(2, manifest.MinBeams);
    }

    [Fact]
    public void The_axis_may_come_as_the_scheduling_system_writes_it()
    {
        Assert.Empty(ManifestResolution.Resolve(Block with { PolarizationAxisDegrees = null, PolarizationAxis = "[pa_fixed, -45.0]" }, Parameters, out var manifest));
        Assert.Equal(-45, manifest!.PolarizationAxisDegrees);
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        var wrong = Block with
        {
            SchedulingBlockId = 8,
            RasterColumns = 1,
            PolarizationAxisDegrees = null,
            Source = new SourceEntry(" ", double.NaN, 0),
            Footprint = new FootprintEntry("closepack36", 0.9, 0, [[0, 0], [0]]),
        };
        var mistakes = ManifestResolution.Resolve(wrong, Parameters with { PointingToleranceArcmin = 30, Beams = [99] }, out var manifest);
        Assert.Null(manifest);
        string[] expected = ["sbid is 7", "3 x 3", "pointingToleranceArcmin", "beamOffsetsDegrees", "polarisation axis is not known", "needs a name", "position", "beams must be"];
        Assert.All(expected, word => Assert.Contains(mistakes, mistake => mistake.Contains(word, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, mistakes.Count);
    }
}
