namespace Holoflow.HolographyFlow.Validation;

/// <summary>What is known of an antenna in one MeasurementSet.</summary>
/// <param name="Name">From ANTENNA.</param>
/// <param name="IsPresent">Whether any row pairs it with another antenna.</param>
/// <param name="FlaggedFraction">Of its rows with the reference antenna; of all read rows for the reference itself. 1 where there is none.</param>
/// <param name="MovedDegrees">How far its boresight moved, by POINTING; NaN where that has no rows of it.</param>
sealed record AntennaFacts(string Name, bool IsPresent, double FlaggedFraction, double MovedDegrees)
{
    const double StandsStill = 0.05;

    /// <summary>Whether it stayed on the source: a candidate for the reference.</summary>
    public bool StoodStill => MovedDegrees < StandsStill;
}

/// <summary>
/// H2's finding about one MeasurementSet: report.json. A MeasurementSet that cannot be used has <see cref="Problems"/>, each naming file and offset
/// where there is one; the rest is then empty.
/// </summary>
sealed record BeamReport
{
    public required int Beam { get; init; }

    public required string Path { get; init; }

    public required string Fingerprint { get; init; }

    public IReadOnlyList<string> Problems { get; init; } = [];

    public AntennaFacts[] Antennas { get; init; } = [];

    /// <summary>Channel centres, Hz.</summary>
    public double[] FrequenciesHz { get; init; } = [];

    public double ChannelWidthHz { get; init; }

    /// <summary>Distinct values of FEED1 and FEED2.</summary>
    public int[] FeedIds { get; init; } = [];

    /// <summary>BEAM_OFFSET of the beam's feed in degrees, [2]; zero in MeasurementSets that were split by beam.</summary>
    public double[] FeedOffsetDegrees { get; init; } = [];

    public string FieldName { get; init; } = "";

    public long Rows { get; init; }

    public long ReferenceRows { get; init; }

    public int Integrations { get; init; }

    public int FirstScan { get; init; }

    public int LastScan { get; init; }

    public int Scans { get; init; }

    public long PointingRows { get; init; }

    /// <summary>Of the rows with the reference antenna.</summary>
    public double FlaggedFraction { get; init; }

    public bool IsUsable => Problems.Count == 0;
}
