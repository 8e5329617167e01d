using Holoflow.Holography.Regridding;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Regridding;

public sealed class SplineInterpolationTests
{
    [Theory]
    [InlineData(15, 15)]
    [InlineData(6, 9)]
    public async Task Scipy_splines_a_plane_to_the_same_values(int rows, int columns)
    {
        var random = new SeededGaussian(rows);
        float[] plane = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.Normal())];
        double[] y = [.. Enumerable.Range(0, rows).Select(i => i - (rows / 2.0))], x = [.. Enumerable.Range(0, columns).Select(i => 2.0 * i)];
        double[] ty = [-1.25, 0, 0.4, y[0], y[^1]], tx = [0, 0.1, 3.3, 2 * (columns - 1)];
        var judged = await PythonJudge.Ask(
            """
            import numpy
            from scipy.interpolate import RectBivariateSpline
            plane = numpy.array(args['plane']).reshape(len(args['y']), len(args['x']))
            spline = RectBivariateSpline(args['y'], args['x'], plane, kx=5, ky=5, s=0)
            result = [[spline(y, x)[0, 0] for x in args['tx']] for y in args['ty']]
            """,
            new { plane, y, x, ty, tx },
            TestContext.Current.CancellationToken);
        var result = new float[ty.Length * tx.Length];
        SplineInterpolation.Apply(new(y, ty), new(x, tx), plane, result);
        for (var i = 0; i < ty.Length; i++)
        {
            for (var j = 0; j < tx.Length; j++) Assert.Equal(judged[i][j].GetDouble(), result[(i * tx.Length) + j], 1e-5);
        }
    }

    [Fact]
    public void Quintic_polynomials_pass_unchanged()
    {
        double[] x = [.. Enumerable.Range(0, 11).Select(i => i / 10.0)], at = [0.03, 0.5, 0.97];
        var spline = new SplineInterpolation(x, at);
        var identity = new SplineInterpolation(x, x);
        var plane = new float[11 * 11];
        for (var k = 0; k < plane.Length; k++) plane[k] = (float)(1 + Math.Pow(x[k % 11], 5));
        var result = new float[11 * 3];
        SplineInterpolation.Apply(identity, spline, plane, result);
        for (var t = 0; t < 3; t++) Assert.Equal(1 + Math.Pow(at[t], 5), result[(5 * 3) + t], 1e-5);
    }

    [Fact]
    public void Too_few_samples_are_refused_with_the_least() =>
        Assert.Contains("at least 6", Assert.Throws<RegriddingException>(() => new SplineInterpolation([0, 1, 2], [0.5])).Message, StringComparison.Ordinal);
}
