using Holoflow.Holography.Simulation;
using Holoflow.Holography.Spectra;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Spectra;

public sealed class RobustPolynomialTests
{
    static readonly double[] Frequencies = [.. Enumerable.Range(0, 64).Select(c => 800e6 + (c * 1e6))];

    [Fact]
    public async Task Numpy_fits_the_same_polynomial_through_the_samples_that_are_kept()
    {
        var values = Noisy(0.02, f => 1 - (0.5 * f) + (0.3 * f * f * f));
        values[20] += 3;
        values[41] = double.NaN;
        var flagged = new bool[64];
        flagged[5] = true;
        values[5] = -100;
        var (fit, model, used) = Fit(values, flagged, new RobustPolynomialOptions { OrderBy = OrderBy.Fixed, MaxOrder = 3 });
        Assert.NotNull(fit);
        Assert.False(used[5] || used[20] || used[41]);
        var judged = await PythonJudge.Ask(
            """
            import numpy as np
            x = np.array(args['x']); k = np.array(args['used'])
            y = np.array([float(v) for v in args['y']])
            result = np.polynomial.Polynomial.fit(x[k], y[k], 3)(x)
            """,
            new { x = Frequencies, y = values.Select(v => double.IsNaN(v) ? 0 : v), used },
            TestContext.Current.CancellationToken);
        for (var c = 0; c < 64; c++) Assert.Equal(judged[c].GetDouble(), model[c], 1e-9);
    }

    [Fact]
    public void Defect_9_the_criterion_chooses_the_order_and_the_limit_clips()
    {
        var values = Noisy(0.01, f => 1 + (0.4 * f) - (0.6 * f * f));
        Assert.Equal(2, Fit(values, new bool[64], new()).Fit!.Order);
        Assert.Equal(5, Fit(values, new bool[64], new() { OrderBy = OrderBy.Fixed }).Fit!.Order);
        Assert.True(Fit(values, new bool[64], new() { OrderBy = OrderBy.Aic }).Fit!.Order >= 2);
        Assert.Equal(1, Fit(values, new bool[64], new() { MaxOrder = 1 }).Fit!.Order);
        var strict = Fit(values, new bool[64], new() { SnrLimit = 2 }).Used.Count(u => u);
        var loose = Fit(values, new bool[64], new() { SnrLimit = 10 }).Used.Count(u => u);
        Assert.True(strict < loose);
        Assert.Equal(64, loose);
    }

    [Fact]
    public void Defect_8_the_last_channel_is_not_an_outlier_for_being_last()
    {
        var values = Noisy(1e-4, f => 1 + f);
        var (_, model, used) = Fit(values, new bool[64], new() { SnrLimit = 6 });
        Assert.True(used[63] && used[0]);
        Assert.Equal(values[63], model[63], 1e-3);
    }

    [Fact]
    public void Defect_10_too_few_good_channels_give_no_fit_instead_of_zero()
    {
        var values = Noisy(0.01, f => 1);
        bool[] flagged = [.. Enumerable.Repeat(true, 63), false];
        Assert.Null(Fit(values, flagged, new()).Fit);
        Assert.Null(Fit(values, [.. Enumerable.Range(0, 64).Select(c => c > 5)], new() { OrderBy = OrderBy.Fixed, MaxOrder = 5 }).Fit);
    }

    [Fact]
    public void An_eighth_of_bad_channels_does_not_move_the_fit()
    {
        var random = new SeededGaussian(8);
        var values = Noisy(0.01, f => 0.5 - (0.2 * f));
        for (var c = 0; c < 64; c++) values[c] += c % 8 == 1 ? 1 + random.Uniform() : 0;
        var (_, model, _) = Fit(values, new bool[64], new());
        for (var c = 0; c < 64; c++) Assert.Equal(0.5 - (0.2 * Scaled(c)), model[c], 0.02);
    }

    [Theory]
    [InlineData(10, 3, "maxOrder must be 0 to 9")]
    [InlineData(3, 1.5, "snrLimit must be 2 to 10")]
    public void Parameters_out_of_range_are_named(int order, double limit, string message)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => new RobustPolynomial(Frequencies, new() { MaxOrder = order, SnrLimit = limit }));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    static double Scaled(int c) => ((2.0 * c) / 63) - 1;

    static double[] Noisy(double sigma, Func<double, double> truth)
    {
        var random = new SeededGaussian(12);
        return [.. Enumerable.Range(0, 64).Select(c => truth(Scaled(c)) + random.Normal(sigma))];
    }

    static (RobustPolynomial? Fit, double[] Model, bool[] Used) Fit(double[] values, bool[] flagged, RobustPolynomialOptions options)
    {
        var fit = new RobustPolynomial(Frequencies, options);
        var (model, used) = (new double[64], new bool[64]);
        return (fit.Fit(values, flagged, model, used) ? fit : null, model, used);
    }
}
