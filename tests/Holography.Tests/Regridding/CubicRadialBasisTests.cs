using FsCheck;
using FsCheck.Fluent;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Regridding;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Regridding;

public sealed class CubicRadialBasisTests
{
    [Fact]
    public async Task Scipy_interpolates_the_same_values()
    {
        var samples = Jittered(new RasterGrid(9, 11, 0.01), 1);
        double[] values = [.. samples.Select(s => Math.Exp(-800 * s.Radius * s.Radius) * Math.Cos(60 * s.L))];
        SkyOffset[] targets = [new(0.003, 0.004), new(-0.035, 0.041), new(0.0399, -0.0499), new(0, 0)];
        var judged = await PythonJudge.Ask(
            """
            import warnings
            from scipy.interpolate import Rbf
            result = Rbf(args['l'], args['m'], args['v'], function='cubic', smooth=0)(args['tl'], args['tm'])
            """,
            new { l = samples.Select(s => s.L), m = samples.Select(s => s.M), v = values, tl = targets.Select(t => t.L), tm = targets.Select(t => t.M) },
            TestContext.Current.CancellationToken);
        var basis = CubicRadialBasis.Factor(samples);
        for (var t = 0; t < targets.Length; t++)
            Assert.Equal(judged[t].GetDouble(), basis.WeightsAt(targets[t]).Zip(values, (w, v) => w * v).Sum(), 1e-9);
    }

    [Fact]
    public void Samples_are_reproduced() =>
        Prop.ForAll((int seed) =>
        {
            var samples = Jittered(new RasterGrid(6, 5, 0.01), seed);
            var basis = CubicRadialBasis.Factor(samples);
            var k = Math.Abs(seed % samples.Length);
            var weights = basis.WeightsAt(samples[k]);
            return weights.Select((w, j) => Math.Abs(w - (j == k ? 1 : 0))).Max() < 1e-9;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Defect_13_leaving_points_out_equals_factoring_without_them() =>
        Prop.ForAll((int seed) =>
        {
            var random = new SeededGaussian(seed, 9);
            var samples = Jittered(new RasterGrid(7, 7, 0.01), seed);
            int[] leftOut = [.. Enumerable.Range(0, 49).Where(_ => random.Uniform() < 0.1)];
            double[] values = [.. samples.Select(_ => random.Normal())];
            int[] kept = [.. Enumerable.Range(0, 49).Except(leftOut)];
            var target = new SkyOffset(random.Normal(0.01), random.Normal(0.01));
            var direct = CubicRadialBasis.Factor([.. kept.Select(k => samples[k])]).WeightsAt(target).Zip(kept, (w, k) => w * values[k]).Sum();
            var basis = CubicRadialBasis.Factor(samples);
            foreach (var f in leftOut) values[f] = 1e6;
            return basis.FillLeftOut(leftOut, values, 1)
                && Math.Abs(basis.WeightsAt(target).Zip(values, (w, v) => w * v).Sum() - direct) < 1e-7 * (1 + Math.Abs(direct));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Packed_weights_are_those_of_single_targets()
    {
        var samples = Jittered(new RasterGrid(6, 6, 0.01), 4);
        var basis = CubicRadialBasis.Factor(samples);
        SkyOffset[] targets = [.. Enumerable.Range(0, 29).Select(t => new SkyOffset(0.001 * t, -0.0005 * t))];
        var packed = basis.PackedWeights(targets);
        for (var t = 0; t < targets.Length; t++)
        {
            var weights = basis.WeightsAt(targets[t]);
            for (var k = 0; k < samples.Length; k++) Assert.Equal(weights[k], packed[(((t / 12) * samples.Length) + k) * 12 + (t % 12)], 1e-5);
        }
    }

    [Fact]
    public void Coinciding_points_are_named()
    {
        var samples = Jittered(new RasterGrid(4, 4, 0.01), 1);
        samples[9] = samples[3];
        var refusal = Assert.Throws<RegriddingException>(() => CubicRadialBasis.Factor(samples));
        Assert.Contains("points 3 and 9", refusal.Message, StringComparison.Ordinal);
    }

    static SkyOffset[] Jittered(RasterGrid grid, int seed)
    {
        var random = new SeededGaussian(seed, 77);
        return [.. Enumerable.Range(0, grid.Count).Select(p => grid[p] + new SkyOffset(random.Normal(3e-4), random.Normal(3e-4)))];
    }
}
