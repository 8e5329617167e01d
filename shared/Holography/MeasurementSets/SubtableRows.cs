namespace Holoflow.Holography.MeasurementSets;

/// <summary>An antenna (a row of ANTENNA); its index is the antenna's id.</summary>
/// <param name="Name">Such as AK01.</param>
/// <param name="Station">The pad's name.</param>
/// <param name="Type">Such as GROUND-BASED.</param>
/// <param name="Mount">Such as ALT-AZ or EQUATORIAL.</param>
/// <param name="Position">ITRF x, y, z in metres.</param>
/// <param name="Offset">Axes offset to the feed reference point, x, y, z in metres.</param>
/// <param name="DishDiameter">In metres.</param>
/// <param name="Flagged">Whether the row is flagged.</param>
public sealed record Antenna(
    string Name, string Station, string Type, string Mount, double[] Position, double[] Offset, double DishDiameter, bool Flagged = false);

/// <summary>A feed, that is, one beam of one antenna (a row of FEED).</summary>
/// <param name="AntennaId">Index into the antennas.</param>
/// <param name="FeedId">The number that FEED1 and FEED2 of the main rows name.</param>
/// <param name="SpectralWindowId">Index into the spectral windows, or -1 for all.</param>
/// <param name="Time">Midpoint of validity, MJD in seconds.</param>
/// <param name="Interval">Length of validity in seconds, or 0 for ever.</param>
/// <param name="BeamId">Index into a beam table, or -1.</param>
/// <param name="BeamOffset">Offsets on the sky in radians, [receptor][2].</param>
/// <param name="PolarizationType">X, Y, R or L for each receptor.</param>
/// <param name="PolarizationResponse">Leakage, [receptor][receptor].</param>
/// <param name="Position">Feed position x, y, z in metres.</param>
/// <param name="ReceptorAngle">The reference angle of each receptor in radians.</param>
public sealed record Feed(
    int AntennaId,
    int FeedId,
    int SpectralWindowId,
    double Time,
    double Interval,
    int BeamId,
    double[] BeamOffset,
    string[] PolarizationType,
    ComplexSingle[] PolarizationResponse,
    double[] Position,
    double[] ReceptorAngle);

/// <summary>A field (a row of FIELD); directions are J2000 right ascension and declination in radians (the constant term of the polynomial).</summary>
public sealed record Field(
    string Name,
    string Code,
    double Time,
    double[] DelayDirection,
    double[] PhaseDirection,
    double[] ReferenceDirection,
    int SourceId = -1,
    bool Flagged = false);

/// <summary>A spectral window (a row of SPECTRAL_WINDOW).</summary>
/// <param name="Name">Its name.</param>
/// <param name="ChannelFrequency">Centre of each channel in Hz.</param>
/// <param name="ChannelWidth">Width of each channel in Hz.</param>
/// <param name="ReferenceFrequency">In Hz.</param>
/// <param name="TotalBandwidth">In Hz.</param>
/// <param name="FrequencyReference">casacore's code of the frame: 5 is topocentric.</param>
/// <param name="Flagged">Whether the row is flagged.</param>
public sealed record SpectralWindow(
    string Name,
    double[] ChannelFrequency,
    double[] ChannelWidth,
    double ReferenceFrequency,
    double TotalBandwidth,
    int FrequencyReference = SpectralWindow.Topocentric,
    bool Flagged = false)
{
    public const int Topocentric = 5;
}

/// <summary>A polarisation setup (a row of POLARIZATION).</summary>
/// <param name="CorrelationTypes">casacore's Stokes codes: 9 to 12 are XX, XY, YX, YY.</param>
/// <param name="CorrelationProducts">The receptors of each correlation, [correlation][2].</param>
/// <param name="Flagged">Whether the row is flagged.</param>
public sealed record Polarization(int[] CorrelationTypes, int[] CorrelationProducts, bool Flagged = false)
{
    /// <summary>XX, XY, YX, YY of linear receptors.</summary>
    public static Polarization Linear { get; } = new([9, 10, 11, 12], [0, 0, 0, 1, 1, 0, 1, 1]);
}

/// <summary>Joins a spectral window and a polarisation setup (a row of DATA_DESCRIPTION).</summary>
public sealed record DataDescription(int SpectralWindowId, int PolarizationId, bool Flagged = false);

/// <summary>An observation (a row of OBSERVATION); times are MJD in seconds.</summary>
public sealed record Observation(
    string TelescopeName,
    string Observer,
    string Project,
    double StartTime,
    double EndTime,
    string ScheduleType = "",
    string[]? Schedule = null,
    string[]? Log = null,
    double ReleaseDate = 0,
    bool Flagged = false);

/// <summary>Where an antenna pointed (a row of POINTING).</summary>
/// <param name="AntennaId">Index into the antennas.</param>
/// <param name="Time">Midpoint, MJD in seconds.</param>
/// <param name="Interval">In seconds.</param>
/// <param name="RightAscension">Of the antenna's boresight, J2000, radians.</param>
/// <param name="Declination">Of the antenna's boresight, J2000, radians.</param>
/// <param name="TargetRightAscension">Where it was told to point, J2000, radians; NaN where the row does not say.</param>
/// <param name="TargetDeclination">As above.</param>
/// <param name="Tracking">Whether it was on its target.</param>
/// <param name="Azimuth">Degrees (an ASKAP column); NaN where there is none.</param>
/// <param name="Elevation">As azimuth.</param>
/// <param name="PolarizationAngle">Of the third axis, as azimuth.</param>
public readonly record struct PointingRow(
    int AntennaId,
    double Time,
    double Interval,
    double RightAscension,
    double Declination,
    double TargetRightAscension,
    double TargetDeclination,
    bool Tracking,
    float Azimuth,
    float Elevation,
    float PolarizationAngle);
