using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Tests.Raster;

public sealed class OutputGridTests
{
    const double Degree = Math.PI / 180;

    // CDELT2 of two real holography cubes.
    [Theory]
    [InlineData(4.2, 0.03450203558079470)]
    [InlineData(3.4, 0.01850203558079429)]
    public void Pixel_size_is_that_of_the_real_headers(double halfWidth, double header)
    {
        var footprint = Footprint.Named("closepack36", 0.9 * Degree, 0);
        Assert.Equal(header, OutputGrid.PixelSizeFor(halfWidth * Degree, footprint.Extent, 101) / Degree, 1e-12);
    }

    [Theory]
    [InlineData(15, 0.6, 0.03450203558079470)]
    [InlineData(18, 0.4, 0.01850203558079429)]
    public void Raster_gives_the_half_width(int points, double step, double header)
    {
        var grid = OutputGrid.ForBeam(new RasterGrid(points, points, step * Degree), Footprint.Named("closepack36", 0.9 * Degree, 0), 7, 101);
        Assert.Equal(header, grid.PixelSize / Degree, 1e-12);
    }

    [Fact]
    public void Defect_16_both_edges_are_equally_far_from_the_centre()
    {
        var grid = new OutputGrid(101, 1e-3, new SkyOffset(0.02, -0.03));
        Assert.Equal(0.02 + 0.05, grid.L(0), 1e-15);
        Assert.Equal(0.02 - 0.05, grid.L(100), 1e-15);
        Assert.Equal(-0.03 - 0.05, grid.M(0), 1e-15);
        Assert.Equal(-0.03 + 0.05, grid.M(100), 1e-15);
        Assert.Equal((50 * 101) + 50, grid.CentreIndex);
    }

    [Fact]
    public void Decimation_keeps_the_centre()
    {
        var grid = new OutputGrid(101, 1e-3, new SkyOffset(0.02, -0.03)).Decimate(2);
        Assert.Equal(51, grid.Pixels);
        Assert.Equal(0.02, grid.L(25), 1e-15);
        Assert.Equal(0.02 + 0.05, grid.L(0), 1e-15);
    }

    [Fact]
    public void A_footprint_that_fills_the_raster_is_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => OutputGrid.PixelSizeFor(2 * Degree, 2.5 * Degree, 101));
        Assert.Contains("2.5 deg", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new OutputGrid(100, 1e-3, default));
    }

    [Theory]
    [InlineData(943e6, 0.76)]
    [InlineData(1087e6, 0.66)]
    [InlineData(1655e6, 0.43)]
    public void Power_sampling_rule(double frequency, double step) =>
        Assert.Equal(step, SamplingRule.PowerStep(frequency, 12) / Degree, 0.005);
}
