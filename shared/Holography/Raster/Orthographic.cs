namespace Holoflow.Holography.Raster;

/// <summary>
/// Orthographic (SIN) projection between the celestial sphere and direction cosines about a tangent point.
/// HOLOGRAPHY eq. 5: l = cos d sin(a - a0), m = sin d cos d0 - cos d sin d0 cos(a - a0).
/// </summary>
public static class Orthographic
{
    /// <summary>
    /// Direction cosines of a source seen from a boresight. All angles in rad.
    /// </summary>
    /// <param name="rightAscension">Source right ascension a, rad.</param>
    /// <param name="declination">Source declination d, rad.</param>
    /// <param name="boresightRightAscension">Boresight right ascension a0, rad.</param>
    /// <param name="boresightDeclination">Boresight declination d0, rad.</param>
    /// <param name="polAxis">
    /// Position angle of the third (polarisation) axis, rad: the frame in which the offset is wanted is turned by it. Zero keeps the sky frame.
    /// Its sign is kept (defect 7 of the pipeline that this replaces dropped it).
    /// </param>
    /// <exception cref="ArgumentException">An angle is not finite, or the source is behind the tangent plane.</exception>
    public static SkyOffset Project(
        double rightAscension, double declination, double boresightRightAscension, double boresightDeclination, double polAxis = 0)
    {
        return TryProject(rightAscension, declination, boresightRightAscension, boresightDeclination, polAxis, out var offset)
            ? offset
            : throw new ArgumentException("a direction is not finite, or the source is more than 90 degrees from the boresight", nameof(rightAscension));
    }

    /// <summary>As <see cref="Project"/>, angles in rad, but false for directions that are not finite or behind the tangent plane.</summary>
    public static bool TryProject(
        double rightAscension, double declination, double boresightRightAscension, double boresightDeclination, double polAxis, out SkyOffset offset)
    {
        offset = default;
        if (!double.IsFinite(rightAscension + declination + boresightRightAscension + boresightDeclination + polAxis)) return false;
        var (sd, cd) = Math.SinCos(declination);
        var (sd0, cd0) = Math.SinCos(boresightDeclination);
        var (sa, ca) = Math.SinCos(rightAscension - boresightRightAscension);
        if ((sd * sd0) + (cd * cd0 * ca) <= 0) return false;
        var sky = new SkyOffset(cd * sa, (sd * cd0) - (cd * sd0 * ca));
        offset = polAxis == 0 ? sky : sky.Rotate(-polAxis);
        return true;
    }

    /// <summary>
    /// The direction whose offset from a tangent point is <paramref name="offset"/>; inverse of <see cref="Project"/> in its second role
    /// (offset of a direction from the tangent point). Angles in rad, right ascension within pi of the tangent point's.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is longer than 1.</exception>
    public static (double RightAscension, double Declination) Deproject(SkyOffset offset, double rightAscension0, double declination0)
    {
        var squared = (offset.L * offset.L) + (offset.M * offset.M);
        if (!(squared <= 1)) throw new ArgumentOutOfRangeException(nameof(offset), offset, "an orthographic offset is at most 1");
        var n = Math.Sqrt(1 - squared);
        var (sd0, cd0) = Math.SinCos(declination0);
        return (rightAscension0 + Math.Atan2(offset.L, (n * cd0) - (offset.M * sd0)), Math.Asin((offset.M * cd0) + (n * sd0)));
    }

    /// <summary>
    /// The boresight from which a source appears at <paramref name="offset"/> (what a raster scheduler commands). Angles in rad.
    /// Solved by fixed-point iteration to 1e-14 rad.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset cannot be reached from any boresight near the source.</exception>
    public static (double RightAscension, double Declination) BoresightFor(SkyOffset offset, double sourceRightAscension, double sourceDeclination)
    {
        var (ra, dec) = Deproject(new SkyOffset(-offset.L, -offset.M), sourceRightAscension, sourceDeclination);
        for (var iteration = 0; iteration < 100; iteration++)
        {
            var error = Project(sourceRightAscension, sourceDeclination, ra, dec) - offset;
            if (error.Radius < 1e-14) return (ra, dec);
            ra += error.L / Math.Max(Math.Cos(dec), 1e-3);
            dec += error.M;
        }

        throw new ArgumentOutOfRangeException(nameof(offset), offset, "no boresight puts the source at this offset");
    }
}
