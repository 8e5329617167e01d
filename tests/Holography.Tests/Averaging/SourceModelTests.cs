using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Tests.Averaging;

public sealed class SourceModelTests
{
    [Fact]
    public void A_point_off_the_phase_centre_turns_with_the_baseline()
    {
        var model = new SourceModel([new(new SkyOffset(1e-3, -2e-3), 10)], 1e9);
        var wavelength = SamplingRule.SpeedOfLight / 1e9;
        var expected = Complex.FromPolarCoordinates(10, -2 * Math.PI * ((300 * 1e-3) - (200 * 2e-3)) / wavelength);
        Assert.True(Complex.Abs(model.Visibility(300, 200, 1e9) - expected) < 1e-9);
    }

    [Fact]
    public void A_gaussian_falls_to_the_transform_of_its_width()
    {
        var width = 1e-3;
        var model = new SourceModel([new(default, 1, 0, width, 0, Math.PI / 2)], 1e9);
        // The transform of a Gaussian of full width w falls to one half at 2 ln 2 / (pi w); position angle 90 deg is along u.
        var half = 2 * Math.Log(2) / Math.PI / width * SamplingRule.SpeedOfLight / 1e9;
        Assert.Equal(0.5, model.Visibility(half, 0, 1e9).Real, 1e-9);
        Assert.Equal(1, model.Visibility(0, half, 1e9).Real, 1e-9);
    }

    [Fact]
    public void Division_makes_the_model_a_one_jansky_point_and_gives_up_at_its_nulls()
    {
        var model = new SourceModel([new(new SkyOffset(1e-3, 0), 1, -0.7), new(new SkyOffset(-1e-3, 0), 1, -0.7)], 1e9);
        double[] frequencies = [0.9e9, 1.1e9];
        var row = new float[16];
        for (var c = 0; c < 2; c++)
        {
            var v = 5 * model.Visibility(20, 0, frequencies[c]);
            for (var product = 0; product < 4; product++) (row[(8 * c) + (2 * product)], row[(8 * c) + (2 * product) + 1]) = ((float)v.Real, (float)v.Imaginary);
        }

        model.Divide(row, 20, 0, frequencies);
        for (var k = 0; k < 16; k++) Assert.Equal(k % 2 == 0 ? 5 : 0, row[k], 1e-5);
        var atNull = new float[8];
        model.Divide(atNull, SamplingRule.SpeedOfLight / 1e9 / 4e-3, 0, [1e9]);
        Assert.All(atNull, v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void A_component_that_is_not_finite_is_named()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new SourceModel([new(default, 1), new(default, double.NaN)], 1e9));
        Assert.Contains("component 1", refusal.Message, StringComparison.Ordinal);
    }
}
