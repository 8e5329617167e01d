using FsCheck;
using FsCheck.Fluent;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Pointing;

public sealed class BeamPositionTests
{
    const double Arcmin = Math.PI / 180 / 60;
    static readonly OutputGrid Grid = new(51, 4 * Arcmin, new SkyOffset(0.01, -0.02));

    [Fact]
    public void A_gaussian_is_found_exactly() =>
        Prop.ForAll((int seed) =>
        {
            var random = new SeededGaussian(seed);
            var shift = new SkyOffset(random.Normal(3 * Arcmin), random.Normal(3 * Arcmin));
            var fit = GaussianBeamFit.Fit(Gaussian(shift, 0.9, 36 * Arcmin, 42 * Arcmin, random.Uniform() * 3), Grid, 0.3);
            return fit is { } g && (g.Centre - Grid.Centre - shift).Radius < 1e-3 * Arcmin && Math.Abs(g.Amplitude - 0.9) < 1e-4;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Scipy_fits_the_same_gaussian_to_a_noisy_plane()
    {
        var random = new SeededGaussian(4);
        var plane = Gaussian(new SkyOffset(2 * Arcmin, -3 * Arcmin), 1, 36 * Arcmin, 42 * Arcmin, 0.6);
        for (var k = 0; k < plane.Length; k++) plane[k] += (float)random.Normal(0.01);
        var judged = await PythonJudge.Ask(
            """
            import numpy as np
            from scipy.optimize import least_squares
            z = np.array(args['plane']).reshape(51, 51)
            y, x = np.mgrid[0:51, 0:51] - 25.0
            use = z > 0.3
            def residual(p):
                dx, dy = x - p[1], y - p[2]
                return (p[0] * np.exp(-(p[3] * dx**2 + 2 * p[4] * dx * dy + p[5] * dy**2)) - z)[use]
            result = least_squares(residual, [1, 0, 0, 0.005, 0, 0.005], xtol=1e-14, ftol=1e-14, gtol=1e-14).x
            """,
            new { plane },
            TestContext.Current.CancellationToken);
        var fit = GaussianBeamFit.Fit(plane, Grid, 0.3)!.Value;
        Assert.Equal(judged[0].GetDouble(), fit.Amplitude, 1e-5);
        Assert.Equal(-judged[1].GetDouble() * 4, (fit.Centre.L - Grid.Centre.L) / Arcmin, 1e-4);
        Assert.Equal(judged[2].GetDouble() * 4, (fit.Centre.M - Grid.Centre.M) / Arcmin, 1e-4);
        Assert.Equal(judged[3].GetDouble(), fit.CurvatureLL * 16 * Arcmin * Arcmin, 1e-5);
        Assert.Equal(-judged[4].GetDouble(), fit.CurvatureLM * 16 * Arcmin * Arcmin, 1e-5);
    }

    [Fact]
    public void Phase_slopes_give_the_shift_between_two_beams()
    {
        var slope = new PhaseSlopeShift(Grid);
        var model = slope.Transform(Gaussian(new SkyOffset(1 * Arcmin, 1 * Arcmin), 1, 30 * Arcmin, 30 * Arcmin, 0));
        var shifted = slope.Compare(slope.Transform(Gaussian(new SkyOffset(3 * Arcmin, -1.5 * Arcmin), 1.1, 30 * Arcmin, 30 * Arcmin, 0)), model)!.Value;
        Assert.Equal(2, shifted.Shift.L / Arcmin, 1e-3);
        Assert.Equal(-2.5, shifted.Shift.M / Arcmin, 1e-3);
        Assert.Equal(1.1, shifted.AmplitudeRatio, 1e-3);
    }

    [Fact]
    public void A_plane_without_a_beam_has_no_position()
    {
        Assert.Null(GaussianBeamFit.Fit(new float[Grid.Count], Grid, 0.3));
        var hollow = new float[Grid.Count];
        for (var k = 0; k < hollow.Length; k++) hollow[k] = (float)(0.4 + (0.001 * (((k % 51) - 25) * ((k % 51) - 25))));
        Assert.Null(GaussianBeamFit.Fit(hollow, Grid, 0.3));
        var slope = new PhaseSlopeShift(Grid);
        Assert.Null(slope.Compare(slope.Transform(hollow), slope.Transform(new float[Grid.Count])));
    }

    static float[] Gaussian(SkyOffset shift, double amplitude, double sigmaA, double sigmaB, double angle)
    {
        var plane = new float[Grid.Count];
        for (var k = 0; k < plane.Length; k++)
        {
            var at = (new SkyOffset(Grid.L(k % 51), Grid.M(k / 51)) - Grid.Centre - shift).Rotate(angle);
            plane[k] = (float)(amplitude * Math.Exp(-0.5 * ((at.L * at.L / sigmaA / sigmaA) + (at.M * at.M / sigmaB / sigmaB))));
        }

        return plane;
    }
}
