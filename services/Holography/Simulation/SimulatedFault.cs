namespace Holoflow.HolographyFlow.Simulation;

/// <summary>
/// What can be wrong with an observation, made on request: every row of HOLOGRAPHY section 9.6 that lies in the data. A name may carry a beam, such as
/// <c>missing-beam:2</c>; without one it is the last beam's (or everyone's, where a fault is the observation's).
/// </summary>
enum SimulatedFault
{
    /// <summary>No MeasurementSet of the beam.</summary>
    MissingBeam,

    /// <summary>A second MeasurementSet of the beam under another name.</summary>
    DuplicateBeam,

    /// <summary>FEED1 says another beam than the name.</summary>
    FeedMismatch,

    /// <summary>The files of visibilities, flags and weights are cut short.</summary>
    TruncatedData,

    /// <summary>The subtable ANTENNA is gone.</summary>
    MissingSubtable,

    /// <summary>The main table's directory does not begin as one.</summary>
    BadMagic,

    /// <summary>The scheduling block names a reference that is not there.</summary>
    ReferenceAbsent,

    /// <summary>The reference's rows are flagged.</summary>
    ReferenceFlagged,

    /// <summary>The scheduling block names an antenna that moved.</summary>
    ReferenceMoved,

    /// <summary>All rows of one target antenna are flagged.</summary>
    AntennaFlagged,

    /// <summary>One target antenna misses one raster point.</summary>
    FewMissingPoints,

    /// <summary>One target antenna misses a quarter of the raster.</summary>
    ManyMissingPoints,

    /// <summary>The first row of the raster is observed again at the end.</summary>
    RepeatedPoints,

    /// <summary>Scan numbers begin beyond the raster's.</summary>
    ScanOutOfRange,

    /// <summary>No POINTING rows.</summary>
    NoPointing,

    /// <summary>One target antenna stands off its point by more than the tolerance at one point.</summary>
    OffTarget,

    /// <summary>Interference in two channels.</summary>
    Interference,

    /// <summary>All but a twentieth of the beam's visibilities are flagged.</summary>
    HeavyFlags,

    /// <summary>Three of five channels of the beam are flagged.</summary>
    ManyFlags,

    /// <summary>Some visibilities are not a number.</summary>
    NotANumber,

    /// <summary>The beam's channels lie half a channel off.</summary>
    ChannelsDiffer,

    /// <summary>The source is one that is known to be resolved.</summary>
    ResolvedSource,

    /// <summary>The source is one that nothing is known of.</summary>
    UnknownSource,
}

/// <summary>A fault and where.</summary>
/// <param name="Fault">What.</param>
/// <param name="Beam">In which beam; null for the last one, or all.</param>
sealed record PlacedFault(SimulatedFault Fault, int? Beam)
{
    /// <summary>Reads <c>name</c> or <c>name:beam</c>, names in kebab case.</summary>
    public static bool TryRead(string text, out PlacedFault? fault)
    {
        var parts = text.Split(':');
        var beam = 0;
        var isKnown = Enum.TryParse(parts[0].Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out SimulatedFault name) && Enum.IsDefined(name) && !char.IsAsciiDigit(parts[0].FirstOrDefault('0'))
            && (parts.Length == 1 || (parts.Length == 2 && int.TryParse(parts[1], out beam) && beam >= 0));
        fault = isKnown ? new PlacedFault(name, parts.Length == 2 ? beam : null) : null;
        return isKnown;
    }

    public static string Names { get; } = string.Join(", ", Enum.GetNames<SimulatedFault>().Select(name =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"))));
}
