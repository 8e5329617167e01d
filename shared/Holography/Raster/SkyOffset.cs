namespace Holoflow.Holography.Raster;

/// <summary>
/// A position in the orthographic (sine) plane of a tangent point: L towards East, M towards North, both in radians
/// (direction cosines). HOLOGRAPHY eq. 5; Hotan et al. 2016.
/// </summary>
/// <param name="L">Direction cosine towards East, rad.</param>
/// <param name="M">Direction cosine towards North, rad.</param>
public readonly record struct SkyOffset(double L, double M)
{
    /// <summary>Distance from the tangent point, rad (direction cosine).</summary>
    public double Radius => Math.Sqrt((L * L) + (M * M));

    /// <summary>The component sum of two offsets, rad.</summary>
    public static SkyOffset operator +(SkyOffset a, SkyOffset b) => new(a.L + b.L, a.M + b.M);

    /// <summary>The component difference of two offsets, rad.</summary>
    public static SkyOffset operator -(SkyOffset a, SkyOffset b) => new(a.L - b.L, a.M - b.M);

    /// <summary>The offset with both components scaled; rad.</summary>
    public static SkyOffset operator *(double factor, SkyOffset a) => new(factor * a.L, factor * a.M);

    /// <summary>The offset turned by <paramref name="angle"/> rad in the sense of position angles: North through East.</summary>
    public SkyOffset Rotate(double angle)
    {
        var (sine, cosine) = Math.SinCos(angle);
        return new((L * cosine) + (M * sine), (M * cosine) - (L * sine));
    }
}
