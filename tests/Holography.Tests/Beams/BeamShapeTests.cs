using Holoflow.Holography.Beams;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Tests.Beams;

public sealed class BeamShapeTests
{
    const double Degree = Math.PI / 180;
    static readonly OutputGrid Grid = new(101, 0.0345 * Degree, new SkyOffset(0.01, 0.02));

    [Fact]
    public void A_round_gaussian_has_its_width()
    {
        var shape = BeamShape.Measure(Gaussian(1.6, 1.6, 0), Grid)!.Value;
        Assert.Equal(1.6, shape.Fwhm / Degree, 0.002);
        Assert.Equal(1, shape.Major / shape.Minor, 0.002);
        Assert.True((shape.Centroid - Grid.Centre).Radius < 1e-9);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-60)]
    public void An_ellipse_has_its_axes_and_angle(double angle)
    {
        var shape = BeamShape.Measure(Gaussian(1.8, 1.4, angle * Degree), Grid)!.Value;
        Assert.Equal(1.8, shape.Major / Degree, 0.005);
        Assert.Equal(1.4, shape.Minor / Degree, 0.005);
        Assert.Equal(Math.Sqrt(1.8 * 1.4), shape.Fwhm / Degree, 0.003);
        Assert.Equal(angle, shape.PositionAngle / Degree, 0.1);
    }

    [Fact]
    public void A_beam_cut_by_the_edge_or_absent_has_no_shape()
    {
        Assert.Null(BeamShape.Measure(Gaussian(5, 5, 0), Grid));
        Assert.Null(BeamShape.Measure(new float[Grid.Count], Grid));
    }

    [Fact]
    public void A_sidelobe_above_half_does_not_count()
    {
        var plane = Gaussian(1.2, 1.2, 0);
        plane[(5 * 101) + 5] = 0.9f;
        Assert.Equal(1.2, BeamShape.Measure(plane, Grid)!.Value.Fwhm / Degree, 0.002);
    }

    [Fact]
    public void Squint_is_the_distance_of_the_two_receptors_beams()
    {
        var other = new OutputGrid(101, Grid.PixelSize, Grid.Centre);
        var squint = Sensitivity.Squint(Gaussian(1.5, 1.5, 0, 0.02 * Degree), Gaussian(1.5, 1.5, 0), other)!.Value;
        Assert.Equal(0.02, squint.L / Degree, 1e-4);
    }

    [Fact]
    public void Noise_and_width_are_those_of_the_telescope()
    {
        Assert.Equal(0.18, Sensitivity.Noise(1800, 1e6, 50), 1e-12);
        Assert.Equal(1.65, Sensitivity.ExpectedFwhm(943e6, 12) / Degree, 0.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sensitivity.Noise(1800, 0, 50));
    }

    [Fact]
    public void A_mosaic_recovers_the_sky_through_its_beams()
    {
        float[] sky = [2, 3, 5], first = [1, 0.5f, 0], second = [0.2f, 1, 0.01f];
        var images = new[] { first, second }.Select(beam => beam.Zip(sky, (p, s) => p * s).ToArray()).ToArray();
        var mosaic = LinearMosaic.Combine([first, second], images, 0.1);
        Assert.Equal(2, mosaic[0], 1e-6);
        Assert.Equal(3, mosaic[1], 1e-6);
        Assert.True(float.IsNaN(mosaic[2]));
        float[] corrected = LinearMosaic.RemoveLeakage([0.5f], [10], [0.03f]);
        Assert.Equal(0.2f, corrected[0], 1e-6f);
    }

    static float[] Gaussian(double major, double minor, double angle, double shift = 0)
    {
        var plane = new float[Grid.Count];
        for (var k = 0; k < plane.Length; k++)
        {
            var at = (new SkyOffset(Grid.L(k % 101) - shift, Grid.M(k / 101)) - Grid.Centre).Rotate(-angle);
            var (m, l) = (at.M / (major * Degree), at.L / (minor * Degree));
            plane[k] = (float)Math.Exp(-4 * Math.Log(2) * ((m * m) + (l * l)));
        }

        return plane;
    }
}
