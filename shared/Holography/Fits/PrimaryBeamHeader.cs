namespace Holoflow.Holography.Fits;

/// <summary>The axes of a primary-beam image and what its header says of the observation.</summary>
public sealed record PrimaryBeamImage
{
    /// <summary>Pixels along right ascension and declination (K).</summary>
    public required int Pixels { get; init; }

    /// <summary>Degrees per pixel.</summary>
    public required double PixelSize { get; init; }

    /// <summary>The pixel of the beam's nominal centre, counted from 1: the middle one where it is not given.</summary>
    public double? CentrePixel { get; init; }

    public required int Channels { get; init; }

    /// <summary>Centre of the first channel in Hz.</summary>
    public required double FirstFrequency { get; init; }

    /// <summary>Hz from channel to channel.</summary>
    public required double ChannelWidth { get; init; }

    /// <summary>Stokes planes: I, Q, U, V from 1 on.</summary>
    public int StokesCount { get; init; } = 4;

    public required int Beams { get; init; }

    /// <summary>ACESVER: the version of what made the image.</summary>
    public string? SoftwareVersion { get; init; }

    /// <summary>DATE-OBS: start of the observation.</summary>
    public DateTime? ObservedAt { get; init; }

    /// <summary>BFSBID: the scheduling block of the beamformer weights.</summary>
    public long? BeamformerBlock { get; init; }

    /// <summary>HOLOSBID: the scheduling block of the holography observation.</summary>
    public long? HolographyBlock { get; init; }
}

/// <summary>
/// Headers of the primary-beam products, card by card as in the cubes that the ASKAP pipeline installs, which linmos reads by name and
/// position. Axes and shapes: see each method.
/// </summary>
public static class PrimaryBeamHeader
{
    /// <summary>The shape of a cube, fastest axis first: [RA, DEC, FREQ, STOKES, BEAM].</summary>
    public static long[] CubeShape(PrimaryBeamImage image) => [image.Pixels, image.Pixels, image.Channels, image.StokesCount, image.Beams];

    /// <summary>The cards of a cube beyond the mandatory ones.</summary>
    public static FitsHeader Cube(PrimaryBeamImage image)
    {
        FitsHeader header = Direction(image).AddAxis(3, "FREQ", image.FirstFrequency, image.ChannelWidth, 1);
        AddStokes(header, 4);
        header.AddAxis(5, "BEAM", 0, 1, 1);
        return AddFrame(header, image);
    }

    /// <summary>The shape of a Taylor image, fastest axis first: [RA, DEC, FREQ, TAYLOR, STOKES, BEAM].</summary>
    public static long[] TaylorShape(PrimaryBeamImage image, int terms) => [image.Pixels, image.Pixels, 1, terms, image.StokesCount, image.Beams];

    /// <summary>The cards of a Taylor image beyond the mandatory ones.</summary>
    /// <param name="image">Its axes; the channels are those that were fitted.</param>
    /// <param name="referenceFrequency">v0 of the expansion in Hz (RESTFRQ and CRVAL3).</param>
    /// <param name="bandwidth">Of the channels that were fitted, in Hz (CDELT3).</param>
    public static FitsHeader Taylor(PrimaryBeamImage image, double referenceFrequency, double bandwidth)
    {
        FitsHeader header = Direction(image).AddAxis(3, "FREQ", referenceFrequency, bandwidth, 1).AddAxis(4, "TAYLOR", 0, 1, 1);
        AddStokes(header, 5);
        header.AddAxis(6, "BEAM", 0, 1, 1).Add("RESTFRQ", referenceFrequency);
        return AddFrame(header, image);
    }

    static FitsHeader Direction(PrimaryBeamImage image)
    {
        double centre = image.CentrePixel ?? (image.Pixels + 1) / 2.0;
        return new FitsHeader().AddAxis(1, "RA---SIN", 0, -image.PixelSize, centre).AddAxis(2, "DEC--SIN", 0, image.PixelSize, centre);
    }

    // The real cubes give the cards of this axis in another order than those of the others.
    static void AddStokes(FitsHeader header, int axis) =>
        header.Add($"CTYPE{axis}", "STOKES").Add($"CRPIX{axis}", 1.0).Add($"CDELT{axis}", 1.0).Add($"CRVAL{axis}", 1.0);

    static FitsHeader AddFrame(FitsHeader header, PrimaryBeamImage image)
    {
        header.Add("EQUINOX", 2000.0).Add("RADESYS", "FK5").Add("LONPOLE", 180.0).Add("LATPOLE", 0.0).Add("SPECSYS", "TOPOCENT");
        if (image.SoftwareVersion is not null)
            header.Add("ACESVER", image.SoftwareVersion);
        if (image.ObservedAt is { } time)
            header.Add("DATE-OBS", time.ToString("yyyy-MM-ddTHH:mm:ss.fff"), "Time of observing in UTC");
        if (image.BeamformerBlock is { } beamformer)
            header.Add("BFSBID", beamformer, "Beamformer weight SBID");
        if (image.HolographyBlock is { } holography)
            header.Add("HOLOSBID", holography, "Holography SBID");
        return header;
    }
}
