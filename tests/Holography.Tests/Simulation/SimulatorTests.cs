using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Simulation;

public sealed class SimulatorTests
{
    static readonly SimulationOptions Small = new()
    {
        Antennas = 4,
        Reference = 2,
        Raster = new(6, 6, 0.01),
        Frequencies = [1e9, 1.001e9, 1.002e9],
        IntegrationsPerPoint = 2,
    };

    [Fact]
    public void The_same_seed_gives_the_same_visibilities_and_another_does_not()
    {
        static float[] First(SimulationOptions options) => (float[])new ObservationSimulator(options).Visibilities(3).Skip(20).First().Data.Clone();
        Assert.Equal(First(Small), First(Small));
        Assert.NotEqual(First(Small), First(Small with { Seed = 5 }));
    }

    [Fact]
    public void Visibilities_obey_the_measurement_equation_in_either_order_of_antennas()
    {
        var simulator = new ObservationSimulator(Small with { Sefd = 0, ReferenceRowsOnly = false });
        var block = simulator.Visibilities(0).Skip((3 * 14) + 2).First();
        Assert.Equal(6, block.Rows);
        Assert.Equal(14, block.Scan);
        // V_02, V_12, V_23 and the target pair V_03 share the same matrices: V_03 = V_02 V_23 / (S/2) with J_ref = 1 and equal reference gains.
        var (v02, v23, v03) = (At(block, 0, 2), At(block, 2, 3), At(block, 0, 3));
        var gain = GainSquared(simulator, block);
        var product = v02 * v23;
        Assert.True(Complex.Abs((product.XY / (145 * gain)) - v03.XY) < 1e-3 * Complex.Abs(v03.XX));
        Assert.True(Complex.Abs((product.YX / (145 * gain)) - v03.YX) < 1e-3 * Complex.Abs(v03.XX));
    }

    [Fact]
    public void Noise_is_that_of_the_equation()
    {
        var options = Small with { Flux = 0, Sefd = 1800, IntegrationSeconds = 50, Raster = new(12, 12, 0.01) };
        double[] values = [.. new ObservationSimulator(options).Visibilities(0).SelectMany(b => (float[])b.Data.Clone()).Select(v => (double)v)];
        Assert.Equal(0.18, Math.Sqrt(values.Average(v => v * v)), 0.002);
        Assert.Equal(0, values.Average(), 0.003);
    }

    [Fact]
    public void Missing_points_and_antennas_are_flagged_and_interference_is_in_its_channel()
    {
        var options = Small with { MissingPoints = [(0, 7)], MissingAntennas = [3], Interference = [new(1, 500, 1)], Sefd = 0 };
        foreach (var block in new ObservationSimulator(options).Visibilities(0))
        {
            for (var row = 0; row < block.Rows; row++)
            {
                var expected = block.Antenna2[row] == 3 || (block.Antenna1[row] == 0 && block.Scan == 7);
                Assert.All(block.RowFlags(row).ToArray(), f => Assert.Equal(expected, f));
                Assert.True(Math.Abs(block.RowData(row)[8 + 2]) + Math.Abs(block.RowData(row)[8 + 3]) > 300);
                Assert.True(Math.Abs(block.RowData(row)[2]) + Math.Abs(block.RowData(row)[3]) < 60);
            }
        }
    }

    [Fact]
    public async Task Numpy_sums_the_same_far_field()
    {
        var field = new AnalyticBeamModel().Field(3, new SkyOffset(0.01, -0.005), 1.1e9);
        SkyOffset[] at = [new(0.012, -0.004), new(-0.03, 0.02), default];
        var judged = await PythonJudge.Ask(
            """
            import numpy as np
            n, d = args['side'], args['spacing']
            x = (np.arange(n) - n // 2) * d
            a = (np.array(args['re']) + 1j * np.array(args['im'])).reshape(n, n)
            lam = 299792458.0 / 1.1e9
            result = [np.sum(a * np.exp(-2j * np.pi * (x[None, :] * l + x[:, None] * m) / lam)) for l, m in args['at']]
            """,
            new { side = field.Side, spacing = field.Spacing, re = field.Cells[1].Select(c => c.Real), im = field.Cells[1].Select(c => c.Imaginary), at = at.Select(o => new[] { o.L, o.M }) },
            TestContext.Current.CancellationToken);
        for (var k = 0; k < at.Length; k++)
            Assert.True(Complex.Abs(field.At(at[k], SamplingRule.SpeedOfLight / 1.1e9).XY - new Complex(judged[k][0].GetDouble(), judged[k][1].GetDouble())) < 1e-9);
        var grid = new OutputGrid(5, 0.004, at[0]);
        var plane = field.On(grid, new SkyOffset(0.001, -0.002), SamplingRule.SpeedOfLight / 1.1e9);
        var one = field.At(new SkyOffset(grid.L(1) - 0.001, grid.M(4) + 0.002), SamplingRule.SpeedOfLight / 1.1e9);
        Assert.True(Complex.Abs(plane[Product.YY][(4 * 5) + 1] - one.YY) < 1e-9);
    }

    [Fact]
    public void Zernike_polynomials_have_their_known_forms_and_are_orthogonal()
    {
        var z = new double[Zernike.Count];
        var (x, y) = (0.3, -0.5);
        Zernike.Evaluate(x, y, z);
        double[] known =
        [
            1, x, y, 2 * x * y, (2 * x * x) + (2 * y * y) - 1, (y * y) - (x * x), (3 * x * y * y) - (x * x * x),
            (-2 * x) + (3 * x * x * x) + (3 * x * y * y), (-2 * y) + (3 * y * y * y) + (3 * x * x * y), (y * y * y) - (3 * x * x * y),
        ];
        for (var k = 0; k < known.Length; k++) Assert.Equal(known[k], z[k], 1e-12);
        Assert.Equal(66, Zernike.Count);
        var (overlap, self) = (0.0, 0.0);
        for (var i = -200; i <= 200; i++)
        {
            for (var j = -200; j <= 200; j++)
            {
                if ((i * i) + (j * j) > 40_000) continue;
                Zernike.Evaluate(i / 200.0, j / 200.0, z);
                (overlap, self) = (overlap + (z[60] * z[40]), self + (z[60] * z[60]));
            }
        }

        Assert.True(Math.Abs(overlap) < 0.02 * self);
    }

    [Fact]
    public void The_measured_beams_have_the_width_of_their_dish_and_peak_on_axis()
    {
        var model = new MeerKatBeamModel();
        var grid = new OutputGrid(61, 0.05 * Math.PI / 180, new SkyOffset(0.01, 0.005));
        var j = model.Field(0, grid.Centre, 1.1e9).On(grid, default, SamplingRule.SpeedOfLight / 1.1e9);
        var peak = j[0][grid.CentreIndex].Magnitude;
        float[] power = [.. j[0].Select(v => (float)Math.Pow(v.Magnitude / peak, 2))];
        Assert.InRange(power.Max(), 1f, 1.02f);
        var width = Holoflow.Holography.Beams.BeamShape.Measure(power, grid)!.Value.Fwhm * 13.5 * 1.1e9 / SamplingRule.SpeedOfLight;
        Assert.InRange(width, 1.0, 1.5);
        Assert.InRange(j[1].Max(v => v.Magnitude) / peak, 0.003, 0.15);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Field(0, default, 2e9));
    }

    static Jones At(VisibilityBlock block, int a, int b)
    {
        var row = Enumerable.Range(0, block.Rows).First(r => block.Antenna1[r] == a && block.Antenna2[r] == b);
        var d = block.RowData(row);
        return new(new(d[0], d[1]), new(d[2], d[3]), new(d[4], d[5]), new(d[6], d[7]));
    }

    static double GainSquared(ObservationSimulator simulator, VisibilityBlock block)
    {
        // |g_ref|² from det V_02 det V_23 = (S/2)^2 |g_ref|^4 det V_03 in magnitude.
        static Complex Determinant(Jones j) => (j.XX * j.YY) - (j.XY * j.YX);
        var ratio = Determinant(At(block, 0, 2)) * Determinant(At(block, 2, 3)) / Determinant(At(block, 0, 3));
        return Math.Sqrt(ratio.Magnitude) / (simulator.Options.Flux / 2);
    }
}
