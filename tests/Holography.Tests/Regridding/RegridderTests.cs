using Holoflow.Holography.Averaging;
using Holoflow.Holography.LinearAlgebra;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Regridding;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Regridding;

public sealed class RegridderTests
{
    const double Degree = Math.PI / 180;
    static readonly RasterGrid Grid = new(9, 8, 0.6 * Degree);

    [Fact]
    public async Task Radial_basis_blocks_are_what_scipy_makes_of_every_plane()
    {
        var (voltages, raster) = Random(18);
        Flag(voltages, 0, 5, 3);
        Flag(voltages, 0, 40, 3);
        var grid = new OutputGrid(5, 0.3 * Degree, new SkyOffset(0.2 * Degree, -0.1 * Degree));
        var regridder = new RadialBasisRegridder(voltages, raster, Targets(grid), grid.Centre, [0], 0.05, 2);
        foreach (var channel in new[] { 0, 3, 17 })
        {
            int[] kept = [.. Enumerable.Range(0, Grid.Count).Where(p => !voltages.Flags[0][voltages.Index(p, channel)])];
            var judged = await PythonJudge.Ask(
                """
                import numpy
                from scipy.interpolate import Rbf
                result = [Rbf(args['l'], args['m'], v, function='cubic', smooth=0)(args['tl'], args['tm']) for v in args['planes']]
                """,
                new
                {
                    l = kept.Select(p => raster.Offsets[0][p].L),
                    m = kept.Select(p => raster.Offsets[0][p].M),
                    planes = Enumerable.Range(0, 8).Select(component => kept.Select(p => voltages.Values[0][(8 * voltages.Index(p, channel)) + component])),
                    tl = Targets(grid).Select(t => t.L),
                    tm = Targets(grid).Select(t => t.M),
                },
                TestContext.Current.CancellationToken);
            var (jones, centre, valid) = Run(regridder, 0, channel / 16 * 16);
            var lane = channel % 16;
            Assert.True(valid[lane]);
            for (var component = 0; component < 8; component++)
            {
                for (var g = 0; g < grid.Count; g++)
                    Assert.Equal(judged[component][g].GetDouble(), jones[(g * 128) + (component * 16) + lane], 2e-4);
                Assert.Equal(judged[component][grid.CentreIndex].GetDouble(), centre[(component * 16) + lane], 1e-5);
            }
        }
    }

    [Fact]
    public async Task Aperture_blocks_are_the_ridge_least_squares_of_numpy()
    {
        var (voltages, raster) = Random(2);
        Flag(voltages, 0, 11, 1);
        double[] frequencies = [1e9, 1.1e9];
        var grid = new OutputGrid(5, 0.3 * Degree, new SkyOffset(0.2 * Degree, -0.1 * Degree));
        var options = new ApertureOptions();
        var regridder = new ApertureRegridder(voltages, raster, grid, frequencies, [0], 0.05, options);
        var (jones, _, valid) = Run(regridder, 0, 0);
        Assert.True(valid[0] && valid[1] && !valid[2]);
        int[] kept = [.. Enumerable.Range(0, Grid.Count).Where(p => p != 11)];
        var judged = await PythonJudge.Ask(
            """
            import numpy as np
            lam = 299792458.0 / 1.1e9
            cell = lam / (args['oversampling'] * args['span'])
            n = int(args['radius'] / cell)
            u = np.array([(i * cell, j * cell) for j in range(-n, n + 1) for i in range(-n, n + 1) if np.hypot(i * cell, j * cell) <= args['radius']])
            s = np.array(args['s']); g = np.array(args['g'])
            A = np.exp(-2j * np.pi * s @ u.T / lam)
            e = np.array(args['re']) + 1j * np.array(args['im'])
            c = np.linalg.solve(A.conj().T @ A + args['ridge'] * len(s) * np.eye(len(u)), A.conj().T @ e)
            result = np.exp(-2j * np.pi * g @ u.T / lam) @ c
            """,
            new
            {
                oversampling = options.Oversampling,
                span = 9 * Grid.Step,
                radius = (options.Diameter / 2) + options.Margin,
                ridge = options.Ridge,
                s = kept.Select(p => new[] { raster.Offsets[0][p].L, raster.Offsets[0][p].M }),
                g = Targets(grid).Select(t => new[] { t.L, t.M }),
                re = kept.Select(p => voltages.Values[0][(8 * voltages.Index(p, 1)) + 2]),
                im = kept.Select(p => voltages.Values[0][(8 * voltages.Index(p, 1)) + 3]),
            },
            TestContext.Current.CancellationToken);
        for (var g = 0; g < grid.Count; g++)
        {
            Assert.Equal(judged[g][0].GetDouble(), jones[(g * 128) + (2 * 16) + 1], 1e-4);
            Assert.Equal(judged[g][1].GetDouble(), jones[(g * 128) + (3 * 16) + 1], 1e-4);
        }
    }

    [Fact]
    public void A_channel_with_too_many_flagged_points_is_not_valid_and_others_are()
    {
        var (voltages, raster) = Random(4);
        for (var p = 0; p < 10; p++) Flag(voltages, 0, p, 2);
        var grid = new OutputGrid(3, 0.3 * Degree, default);
        foreach (IVoltageRegridder regridder in new IVoltageRegridder[]
        {
            new RadialBasisRegridder(voltages, raster, Targets(grid), grid.Centre, [0], 0.05, 1),
            new ApertureRegridder(voltages, raster, grid, [1e9, 1.1e9, 1.2e9, 1.3e9], [0], 0.05, new()),
        })
        {
            var (_, _, valid) = Run(regridder, 0, 0);
            Assert.Equal([true, true, false, true, false], valid[..5]);
            Assert.True(regridder.Accepts(0));
            Assert.False(regridder.Accepts(1));
        }
    }

    [Theory]
    [InlineData(12, 225)]
    [InlineData(12, 1)]
    [InlineData(12, 17)]
    public void Panel_products_are_matrix_products(int rows, int depth)
    {
        var random = new SeededGaussian(depth);
        double[] w = [.. Enumerable.Range(0, rows * depth).Select(_ => random.Normal())], x = [.. Enumerable.Range(0, depth * 16).Select(_ => random.Normal())];
        var c = new double[rows * 20];
        PanelProduct.Multiply<double>(w, x, c, depth, 20);
        for (var r = 0; r < rows; r++)
        {
            for (var k = 0; k < 16; k++)
                Assert.Equal(Enumerable.Range(0, depth).Sum(d => w[(d * rows) + r] * x[(d * 16) + k]), c[(r * 20) + k], 1e-10);
        }

        Assert.Throws<ArgumentException>(() => PanelProduct.Multiply<double>(w, x, c, depth + 1, 20));
    }

    [Fact]
    public void Inverses_invert_and_singular_matrices_have_none()
    {
        var random = new SeededGaussian(5);
        double[] a = [.. Enumerable.Range(0, 40 * 40).Select(_ => random.Normal())];
        var inverse = RealInverse.Of(a, 40)!;
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 40; j++)
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, 40).Sum(k => a[(i * 40) + k] * inverse[(k * 40) + j]), 1e-9);
        }

        Assert.Null(RealInverse.Of([1, 2, 2, 4], 2));
    }

    static SkyOffset[] Targets(OutputGrid grid) =>
        [.. Enumerable.Range(0, grid.Count).Select(k => new SkyOffset(grid.L(k % grid.Pixels), grid.M(k / grid.Pixels)))];

    static (float[] Jones, float[] Centre, bool[] Valid) Run(IVoltageRegridder regridder, int antenna, int first)
    {
        var (jones, centre, valid) = (new float[regridder.Pixels * ChannelBlock.Width], new float[ChannelBlock.Width], new bool[ChannelBlock.Lanes]);
        regridder.Regrid(antenna, first, jones, centre, valid);
        return (jones, centre, valid);
    }

    static (BeamVoltages Voltages, AchievedRaster Raster) Random(int channels)
    {
        var random = new SeededGaussian(channels);
        var voltages = new BeamVoltages(2, Grid.Count, channels);
        for (var k = 0; k < voltages.Values[0].Length; k++) voltages.Values[0][k] = (float)random.Normal();
        Array.Fill(voltages.Flags[0], false);
        var offsets = Enumerable.Range(0, 2).Select(_ =>
            Enumerable.Range(0, Grid.Count).Select(p => Grid[p] + new SkyOffset(random.Normal(2e-4), random.Normal(2e-4))).ToArray()).ToArray();
        return (voltages, AchievedRaster.FromOffsets(Grid, offsets));
    }

    static void Flag(BeamVoltages voltages, int antenna, int point, int channel)
    {
        voltages.Flags[antenna][voltages.Index(point, channel)] = true;
        voltages.Values[antenna][8 * voltages.Index(point, channel)] = 1e9f;
    }
}
