namespace Holoflow.Holography.Raster;

/// <summary>
/// The K x K pixel grid of a beam's product, recentred on the beam's nominal position. Pixel (x, y) counts from 0; x grows towards West
/// (right ascension falls, CDELT1 = -d), y towards North (CDELT2 = +d). Arrays are [y][x]. HOLOGRAPHY section 4, eq. 15.
/// </summary>
public sealed record OutputGrid
{
    /// <summary>A grid of <paramref name="pixels"/> a side, <paramref name="pixelSize"/> rad apart, about <paramref name="centre"/>.</summary>
    /// <exception cref="ArgumentException">An even or small number of pixels, or a pixel size that is not positive.</exception>
    public OutputGrid(int pixels, double pixelSize, SkyOffset centre)
    {
        if (pixels < 3 || pixels % 2 == 0) throw new ArgumentException($"outputPixels must be odd and at least 3, not {pixels}", nameof(pixels));
        if (!(pixelSize > 0)) throw new ArgumentException($"pixel size {pixelSize} rad is not positive", nameof(pixelSize));
        (Pixels, PixelSize, Centre) = (pixels, pixelSize, centre);
    }

    /// <summary>Pixels a side, K.</summary>
    public int Pixels { get; }

    /// <summary>Pixel size d, rad.</summary>
    public double PixelSize { get; }

    /// <summary>Offset of the middle pixel, rad: the beam's nominal position.</summary>
    public SkyOffset Centre { get; }

    /// <summary>Number of pixels, K².</summary>
    public int Count => Pixels * Pixels;

    /// <summary>Index of the middle pixel in a [y][x] plane.</summary>
    public int CentreIndex => Count / 2;

    /// <summary>l of a column, rad.</summary>
    public double L(int x) => Centre.L - ((x - (Pixels / 2)) * PixelSize);

    /// <summary>m of a row, rad.</summary>
    public double M(int y) => Centre.M + ((y - (Pixels / 2)) * PixelSize);

    /// <summary>
    /// Eq. 15: d = (h - max|offset|) / ((K-1)/2), rad; with the real headers of section 4 to 1e-12 deg.
    /// </summary>
    /// <param name="halfWidth">h, half the raster's width, rad.</param>
    /// <param name="footprintExtent">Largest |l| or |m| of the footprint, rad.</param>
    /// <param name="pixels">K, odd.</param>
    /// <exception cref="ArgumentException">The footprint reaches the raster's edge: no pixel size is positive.</exception>
    public static double PixelSizeFor(double halfWidth, double footprintExtent, int pixels)
    {
        if (!(halfWidth > footprintExtent))
        {
            throw new ArgumentException(
                $"the raster's half-width {Degrees(halfWidth)} deg must exceed the footprint's extent {Degrees(footprintExtent)} deg", nameof(halfWidth));
        }

        return (halfWidth - footprintExtent) / ((pixels - 1) / 2);
    }

    /// <summary>The grid of one beam of a footprint observed with a raster.</summary>
    /// <exception cref="ArgumentException">As <see cref="PixelSizeFor"/>; or no such beam.</exception>
    public static OutputGrid ForBeam(RasterGrid raster, Footprint footprint, int beam, int pixels)
    {
        if (beam < 0 || beam >= footprint.Offsets.Length)
            throw new ArgumentException($"footprint {footprint.Name} has no beam {beam}, only 0 to {footprint.Offsets.Length - 1}", nameof(beam));
        return new(pixels, PixelSizeFor(raster.HalfWidth, footprint.Extent, pixels), footprint.Offsets[beam]);
    }

    /// <summary>The grid with every <paramref name="factor"/>th pixel, the middle one kept: for quick looks at smooth planes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A factor below 1 or one that leaves fewer than 3 pixels.</exception>
    public OutputGrid Decimate(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, Pixels / 2);
        var half = Pixels / 2 / factor;
        return new((2 * half) + 1, PixelSize * factor, Centre);
    }

    static string Degrees(double radians) => (radians * 180 / Math.PI).ToString("0.####");
}
