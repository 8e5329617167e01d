using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Tests.Observations;

public sealed class PolarizationAxisTextTests
{
    [Theory]
    [InlineData("-45", -45)]
    [InlineData("-45.0 deg", -45)]
    [InlineData("[pa_fixed, -45.0]", -45)]
    [InlineData("[pa_fixed,+30.5]", 30.5)]
    [InlineData(" 1e1 ", 10)]
    public void Defect_7_the_sign_of_the_polarisation_axis_is_kept(string text, double expected)
    {
        Assert.True(PolarizationAxisText.TryRead(text, out var degrees));
        Assert.Equal(expected, degrees);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pa_fixed")]
    [InlineData("-45 rad")]
    [InlineData("- 45")]
    [InlineData("45, 46")]
    public void What_is_no_angle_is_refused(string text) => Assert.False(PolarizationAxisText.TryRead(text, out _));
}
