using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Tests.Raster;

public sealed class FootprintTests
{
    const double Degree = Math.PI / 180;

    [Fact]
    public void Closepack36_has_its_extent_and_six_neighbours_a_pitch_away()
    {
        var footprint = Footprint.Named("closepack36", 0.9 * Degree, 0);
        Assert.Equal(36, footprint.Offsets.Distinct().Count());
        Assert.Equal(2.75 * Math.Sin(0.9 * Degree), footprint.Extent, 1e-15);
        Assert.Equal(2.474898, footprint.Extent / Degree, 1e-6);
        var middle = footprint.Offsets[14];
        Assert.Equal(6, footprint.Offsets.Count(o => Math.Abs((o - middle).Radius - Math.Sin(0.9 * Degree)) < 1e-12));
        Assert.Equal(0, footprint.Offsets.Sum(o => o.M), 1e-12);
    }

    [Fact]
    public void Square_6x6_runs_outwards_in_rings()
    {
        var footprint = Footprint.Named("square_6x6", 1 * Degree, 0);
        double[] reach = [.. footprint.Offsets.Select(o => Math.Max(Math.Abs(o.L), Math.Abs(o.M)) / Math.Sin(Degree))];
        Assert.All(reach[..4], r => Assert.Equal(0.5, r, 1e-12));
        Assert.All(reach[4..16], r => Assert.Equal(1.5, r, 1e-12));
        Assert.All(reach[16..], r => Assert.Equal(2.5, r, 1e-12));
        Assert.Equal(36, footprint.Offsets.Distinct().Count());
    }

    [Fact]
    public void Rotation_turns_north_towards_east()
    {
        var turned = new SkyOffset(0, 1).Rotate(90 * Degree);
        Assert.Equal(1, turned.L, 1e-15);
        Assert.Equal(0, turned.M, 1e-15);
        var footprint = Footprint.Named("square_6x6", 1 * Degree, 30 * Degree);
        var plain = Footprint.Named("square_6x6", 1 * Degree, 0);
        Assert.Equal(plain.Offsets[20].Rotate(30 * Degree), footprint.Offsets[20]);
    }

    [Fact]
    public void Manifest_offsets_win_and_may_be_any_number()
    {
        var footprint = Footprint.FromOffsets("mine", 0.01, 0, [new(0, 0), new(0.01, -0.02), new(-0.005, 0.001)]);
        Assert.Equal(3, footprint.Offsets.Length);
        Assert.Equal(0.02, footprint.Extent);
        var refusal = Assert.Throws<ArgumentException>(() => Footprint.FromOffsets("mine", 0.01, 0, [new(0, 0), new(double.NaN, 0)]));
        Assert.Contains("beam 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_are_refused_with_the_known_ones()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Footprint.Named("closepack30", 0.01, 0));
        Assert.Contains("closepack36, square_6x6", refusal.Message, StringComparison.Ordinal);
    }
}
