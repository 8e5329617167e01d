using System.Collections.Immutable;

namespace Holoflow.Holography.Raster;

/// <summary>
/// Where the beams of a phased-array feed sit: offsets in the orthographic plane of the boresight, in beam order.
/// HOLOGRAPHY section 5; Hotan et al. 2021, McConnell et al. 2016.
/// </summary>
public sealed record Footprint
{
    Footprint(string name, double pitch, double rotation, ImmutableArray<SkyOffset> offsets)
    {
        Name = name;
        PitchRadians = pitch;
        RotationRadians = rotation;
        Offsets = offsets;
    }

    /// <summary>Name as the scheduling block gives it, e.g. <c>closepack36</c>.</summary>
    public string Name { get; }

    /// <summary>Pitch, rad (the offsets are scaled by its sine).</summary>
    public double PitchRadians { get; }

    /// <summary>Rotation from North through East, rad.</summary>
    public double RotationRadians { get; }

    /// <summary>Offsets by beam number, [beams], rad.</summary>
    public ImmutableArray<SkyOffset> Offsets { get; }

    /// <summary>Largest |l| or |m| of any beam, rad: the extent that the pixel-size rule (eq. 15) leaves room for.</summary>
    public double Extent => Offsets.Max(o => Math.Max(Math.Abs(o.L), Math.Abs(o.M)));

    /// <summary>
    /// A footprint from its built-in table. The extents are the observatory's (section 4 confirms closepack36); the numbering is this
    /// table's own, so a manifest or FEED table that gives offsets must be preferred (<see cref="FromOffsets"/>).
    /// closepack36: six rows of six from North to South, each from East to West, alternate rows shifted by half a pitch.
    /// square_6x6: rings from the centre outwards, each from its north-east corner by way of West.
    /// </summary>
    /// <param name="name"><c>closepack36</c> or <c>square_6x6</c>.</param>
    /// <param name="pitch">Pitch, rad, in (0, 0.1).</param>
    /// <param name="rotation">Rotation from North through East, rad.</param>
    /// <exception cref="ArgumentException">No table of that name, or a pitch outside its range.</exception>
    public static Footprint Named(string name, double pitch, double rotation)
    {
        if (!(pitch is > 0 and < 0.1)) throw new ArgumentException($"footprint pitch {pitch} rad is outside (0, 0.1)", nameof(pitch));
        var units = name switch
        {
            "closepack36" => ClosePack36(),
            "square_6x6" => Square6(),
            _ => throw new ArgumentException($"no built-in footprint '{name}'; built in: closepack36, square_6x6. Give the offsets in the manifest.", nameof(name)),
        };
        var scale = Math.Sin(pitch);
        return new(name, pitch, rotation, [.. units.Select(u => (scale * u).Rotate(rotation))]);
    }

    /// <summary>A footprint whose offsets a manifest (or FEED table) gives, already scaled and rotated.</summary>
    /// <param name="name">Name for the products.</param>
    /// <param name="pitch">Pitch, rad: only for the product's name.</param>
    /// <param name="rotation">Rotation, rad: only for the record.</param>
    /// <param name="offsets">Offsets by beam number, rad.</param>
    /// <exception cref="ArgumentException">No offsets, or one that is not finite.</exception>
    public static Footprint FromOffsets(string name, double pitch, double rotation, IEnumerable<SkyOffset> offsets)
    {
        ImmutableArray<SkyOffset> all = [.. offsets];
        if (all.Length == 0) throw new ArgumentException("a footprint needs at least one beam", nameof(offsets));
        for (var beam = 0; beam < all.Length; beam++)
        {
            if (!double.IsFinite(all[beam].L + all[beam].M))
                throw new ArgumentException($"the offset of beam {beam} is not finite", nameof(offsets));
        }

        return new(name, pitch, rotation, all);
    }

    static IEnumerable<SkyOffset> ClosePack36()
    {
        for (var row = 0; row < 6; row++)
        {
            for (var column = 0; column < 6; column++)
                yield return new((row % 2 == 0 ? 2.75 : 2.25) - column, (2.5 - row) * Math.Sqrt(3) / 2);
        }
    }

    static IEnumerable<SkyOffset> Square6()
    {
        for (var ring = 0; ring < 3; ring++)
        {
            var edge = ring + 0.5;
            var side = (2 * ring) + 1;
            for (var k = 0; k < side; k++) yield return new(edge - k, edge);
            for (var k = 0; k < side; k++) yield return new(-edge, edge - k);
            for (var k = 0; k < side; k++) yield return new(-edge + k, -edge);
            for (var k = 0; k < side; k++) yield return new(edge, -edge + k);
        }
    }
}
