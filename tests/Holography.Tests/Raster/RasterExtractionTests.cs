using Holoflow.Holography.Raster;
using Holoflow.Holography.Simulation;

namespace Holoflow.Holography.Tests.Raster;

public sealed class RasterExtractionTests
{
    const double Arcmin = Math.PI / 180 / 60;
    static readonly RasterGrid Grid = new(5, 7, 36 * Arcmin);
    static readonly (double RightAscension, double Declination) Source = (3.2, 0.2);

    [Fact]
    public void Defect_14_points_are_found_whatever_the_order_and_shape_of_the_raster()
    {
        // A spiral-like order with repeats: jumps in declination say nothing.
        int[] order = [.. Enumerable.Range(0, Grid.Count).OrderBy(p => (p * 17) % Grid.Count), 3, 4];
        var achieved = Extract(order, (_, point) => Grid[point] + new SkyOffset(0.5 * Arcmin, -0.2 * Arcmin));
        Assert.Empty(achieved.Dropped);
        for (var scan = 0; scan < order.Length; scan++)
        {
            Assert.Equal(order[scan], achieved.PointOf(3 * scan));
            Assert.False(achieved.Uses(1, 3 * scan));
            Assert.True(achieved.Uses(1, (3 * scan) + 1));
        }

        for (var p = 0; p < Grid.Count; p++)
            Assert.True((achieved.Offsets[2][p] - Grid[p] - new SkyOffset(0.5 * Arcmin, -0.2 * Arcmin)).Radius < 1e-9);
    }

    [Fact]
    public void Samples_off_target_are_dropped_and_repeats_averaged()
    {
        int[] order = [.. Enumerable.Range(0, Grid.Count), 9];
        var achieved = Extract(order, (antenna, point, scan) => (antenna, point) switch
        {
            (1, 9) when scan < Grid.Count => Grid[9] + new SkyOffset(1 * Arcmin, 0),
            (1, 9) => Grid[9] + new SkyOffset(2 * Arcmin, 0),
            (1, 12) => Grid[12] + new SkyOffset(4 * Arcmin, 0),
            _ => Grid[point],
        });
        Assert.Equal(1.5, (achieved.Offsets[1][9] - Grid[9]).L / Arcmin, 1e-6);
        Assert.False(achieved.Present[1][12]);
        Assert.False(achieved.Uses(1, (12 * 3) + 2));
        Assert.True(achieved.Uses(2, (12 * 3) + 2));
    }

    [Fact]
    public void An_antenna_that_misses_too_many_points_is_dropped_with_the_count()
    {
        int[] order = [.. Enumerable.Range(0, Grid.Count)];
        var achieved = Extract(order, (antenna, point) => antenna == 2 && point % 5 == 0 ? Grid[point] + new SkyOffset(0, 10 * Arcmin) : Grid[point]);
        var dropped = Assert.Single(achieved.Dropped);
        Assert.Equal(2, dropped.Antenna);
        Assert.Contains("misses 7 of 35", dropped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_number_out_of_range_is_an_error()
    {
        var refusal = Assert.Throws<RasterException>(() => RasterExtraction.Extract(
            Grid, Source, [Empty, Empty], 0, [new(140, 0, 10)], new RasterExtractionOptions { NominalWithoutPointing = true }));
        Assert.Contains("scan number 140 is out of range", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_outside_the_raster_is_an_error()
    {
        int[] order = [.. Enumerable.Range(0, Grid.Count)];
        var refusal = Assert.Throws<RasterException>(() => Extract(order, (_, point) => Grid[point] + new SkyOffset(3 * Grid.Step, 0)));
        Assert.Contains("outside the 5 x 7 raster", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_pointing_rows_the_nominal_raster_needs_leave()
    {
        Integration[] integrations = [.. Enumerable.Range(0, 2 * Grid.Count).Select(i => new Integration(i / 2, 10 * i, 10))];
        var refusal = Assert.Throws<RasterException>(() => RasterExtraction.Extract(Grid, Source, [Empty, Empty], 0, integrations, new RasterExtractionOptions()));
        Assert.Contains("nominalWithoutPointing", refusal.Message, StringComparison.Ordinal);
        var nominal = RasterExtraction.Extract(Grid, Source, [Empty, Empty], 0, integrations, new RasterExtractionOptions { NominalWithoutPointing = true });
        Assert.True(nominal.NominalOnly);
        Assert.Equal(Grid[11], nominal.Offsets[1][11]);
    }

    [Fact]
    public void A_tolerance_of_half_a_step_is_refused() => Assert.Throws<RasterException>(() => RasterExtraction.Extract(
        Grid, Source, [Empty, Empty], 0, [], new RasterExtractionOptions { PointingTolerance = 18 * Arcmin }));

    [Fact]
    public void The_simulators_achieved_positions_come_back()
    {
        var simulator = new ObservationSimulator(new SimulationOptions { Antennas = 3, Raster = new(6, 6, 36 * Arcmin), Jitter = 0.4 * Arcmin });
        var options = simulator.Options;
        var achieved = RasterExtraction.Extract(options.Raster, options.Source, simulator.Tracks(), 0, simulator.Integrations(), new RasterExtractionOptions());
        Assert.Empty(achieved.Dropped);
        double[] jitter = [.. Enumerable.Range(0, 36).Select(p => (achieved.Offsets[1][p] - options.Raster[p]).L / Arcmin)];
        Assert.InRange(Math.Sqrt(jitter.Average(j => j * j)), 0.25, 0.55);
    }

    static PointingTrack Empty => new([], [], []);

    static AchievedRaster Extract(int[] order, Func<int, int, SkyOffset> achieved) => Extract(order, (antenna, point, _) => achieved(antenna, point));

    static AchievedRaster Extract(int[] order, Func<int, int, int, SkyOffset> achieved)
    {
        Integration[] integrations = [.. Enumerable.Range(0, 3 * order.Length).Select(i => new Integration(i / 3, 5e9 + (10 * i), 10))];
        var tracks = Enumerable.Range(0, 3).Select(antenna =>
        {
            var where = integrations.Select((_, i) => Orthographic.BoresightFor(achieved(antenna, order[i / 3], i / 3), Source.RightAscension, Source.Declination)).ToArray();
            return new PointingTrack([.. integrations.Select(i => i.Time)], [.. where.Select(w => w.RightAscension)], [.. where.Select(w => w.Declination)]);
        }).ToArray();
        return RasterExtraction.Extract(Grid, Source, tracks, 0, integrations, new RasterExtractionOptions());
    }
}
