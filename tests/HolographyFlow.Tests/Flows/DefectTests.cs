using Holoflow.Holography.Fits;
using Holoflow.HolographyFlow.Demo;
using Holoflow.HolographyFlow.Flows;

namespace Holoflow.HolographyFlow.Tests.Flows;

/// <summary>Defects of the pipeline that this replaces (HOLOGRAPHY section 7), as far as they concern the flow; the science's are tested with it.</summary>
public sealed class DefectTests
{
    [Fact]
    public async Task Defect_1_beams_after_a_missing_one_are_still_their_own()
    {
        using var observation = await SmallObservation.WithFault("missing-beam:1");
        var run = await observation.Reduced(p => p with { MinBeams = 1 });
        var figures = TruthComparison.Compare(Product(run.Result, ".cube.fits"), Product(run.Result, ".pointing.fits"), Path.Combine(observation.Root, "truth.fits")).Figures;
        Assert.Equal(0, figures.Single(f => f.Name.StartsWith("beams that are not", StringComparison.Ordinal)).Value);
        using var cube = FitsReader.Open(Product(run.Result, ".cube.fits"));
        Assert.Equal(true, cube.Units[0].Header.Find("INCOMPLT"));
        Assert.Contains(cube.Units[0].Header.Cards, card => card.Format().StartsWith("HISTORY Beam 1 is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Defects_3_10_and_11_a_beam_without_data_is_flagged_and_never_zero()
    {
        using var observation = await SmallObservation.WithFault("heavy-flags:1");
        var run = await observation.Reduced(p => p with { MinBeams = 2 });
        using var cube = FitsReader.Open(Product(run.Result, ".cube.fits"));
        var beam = new float[4 * 6 * SmallObservation.Pixels * SmallObservation.Pixels];
        cube.Units[0].ReadImage(beam.Length, beam);
        Assert.All(beam, value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public async Task Defect_4_a_raster_that_is_not_square_is_reduced()
    {
        using var observation = await SmallObservation.Simulate(p => p with { RasterColumns = 9, RasterRows = 7 });
        var run = await observation.Reduced();
        var report = TruthComparison.Compare(Product(run.Result, ".cube.fits"), Product(run.Result, ".pointing.fits"), Path.Combine(observation.Root, "truth.fits"));
        Assert.True(report.Figures.Single(f => f.Name.StartsWith("I rms", StringComparison.Ordinal)).Value < 0.006, report.ToTable());
    }

    [Fact]
    public async Task Defect_5_V_keeps_its_sign_for_antennas_on_both_sides_of_the_reference()
    {
        using var observation = await SmallObservation.Simulate(p => p with { SefdJansky = 0 });
        var run = await observation.Reduced();
        var report = TruthComparison.Compare(Product(run.Result, ".cube.fits"), Product(run.Result, ".pointing.fits"), Path.Combine(observation.Root, "truth.fits"));
        Assert.True(report.Figures.Single(f => f.Name.StartsWith("V sign", StringComparison.Ordinal)).Value > 0.99, report.ToTable());
    }

    [Fact]
    public async Task Defect_7_the_sign_of_the_axis_reaches_Q_and_U()
    {
        using var observation = await SmallObservation.Simulate(p => p with { PolAxisDegrees = 45 });
        var run = await observation.Reduced();
        var report = TruthComparison.Compare(Product(run.Result, ".cube.fits"), Product(run.Result, ".pointing.fits"), Path.Combine(observation.Root, "truth.fits"));
        Assert.True(report.Figures.Single(f => f.Name.StartsWith("leakage", StringComparison.Ordinal)).Value < 0.004, report.ToTable());
    }

    [Fact]
    public async Task Defect_12_antennas_beams_and_channels_may_be_of_any_number()
    {
        using var observation = await SmallObservation.Simulate(p => p with { Antennas = 7, Beams = 1, Channels = 17, ChannelWidthMegahertz = 0.5, ReferenceAntenna = 6 });
        var run = await observation.Reduced(p => p with { MinAntennas = 5 });
        using var cube = FitsReader.Open(Product(run.Result, ".cube.fits"));
        Assert.Equal([33, 33, 17, 4, 1], cube.Units[0].Shape);
        Assert.Equal(5e5, cube.Units[0].Header.GetDouble("CDELT3"));
    }

    [Fact]
    public async Task Defect_16_the_middle_pixel_is_the_nominal_centre_and_both_edges_are_as_far_from_it()
    {
        using var observation = await SmallObservation.Simulate(p => p with { Beams = 1 });
        var run = await observation.Reduced();
        using var cube = FitsReader.Open(Product(run.Result, ".cube.fits"));
        var header = cube.Units[0].Header;
        Assert.Equal((SmallObservation.Pixels + 1) / 2.0, header.GetDouble("CRPIX1"));
        var half = header.GetDouble("CDELT2") * (SmallObservation.Pixels - 1) / 2;
        Assert.Equal((3 * 0.6) - (Math.Sin(0.9 * Math.PI / 180) / 2 * 180 / Math.PI), half, 1e-12);
    }

    static string Product(HolographyResult result, string kind) => result.Files.Single(file => file.EndsWith(kind, StringComparison.Ordinal));
}
