namespace Holoflow.Holography.Raster;

/// <summary>One integration of the MAIN table: its scan, its centre in time and its length.</summary>
/// <param name="Scan">SCAN_NUMBER.</param>
/// <param name="Time">Centre, s.</param>
/// <param name="Exposure">Length, s.</param>
public readonly record struct Integration(int Scan, double Time, double Exposure);

/// <summary>How the achieved raster is taken from pointing rows. HOLOGRAPHY sections 9.3 and 9.6.</summary>
public sealed record RasterExtractionOptions
{
    /// <summary>Samples further than this from their nominal point are dropped, rad. Default 3 arcmin; below half a step.</summary>
    public double PointingTolerance { get; init; } = 3 * Math.PI / 180 / 60;

    /// <summary>Time dropped at the start of every scan, s; null drops one integration.</summary>
    public double? SettleSeconds { get; init; }

    /// <summary>Largest fraction of missing points that is interpolated over; above it the antenna is dropped. 0 to 0.3.</summary>
    public double MaxMissingPoints { get; init; } = 0.05;

    /// <summary>Polarisation-axis angle of the frame in which offsets are wanted, rad, sign kept; 0 keeps the sky frame.</summary>
    public double PolAxis { get; init; }

    /// <summary>Use the nominal grid where no antenna has pointing rows; off, that is an error.</summary>
    public bool NominalWithoutPointing { get; init; }

    /// <summary>SCAN_NUMBER of the first point: scans below it or beyond the raster's repeats are an error.</summary>
    public int FirstScan { get; init; }

    /// <summary>How often the raster may be repeated: scans run from FirstScan to FirstScan + MaxRepeats N² - 1.</summary>
    public int MaxRepeats { get; init; } = 4;
}
