using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>What a new MeasurementSet holds beside its main and pointing rows.</summary>
public sealed record MeasurementSetContents
{
    public required IReadOnlyList<Antenna> Antennas { get; init; }

    public required IReadOnlyList<Feed> Feeds { get; init; }

    public required IReadOnlyList<Field> Fields { get; init; }

    public required IReadOnlyList<SpectralWindow> SpectralWindows { get; init; }

    public IReadOnlyList<Polarization> Polarizations { get; init; } = [Polarization.Linear];

    public IReadOnlyList<DataDescription> DataDescriptions { get; init; } = [new DataDescription(0, 0)];

    public required IReadOnlyList<Observation> Observations { get; init; }

    /// <summary>Lines of HISTORY: the time (MJD in seconds), the program and what it did.</summary>
    public IReadOnlyList<(double Time, string Application, string Message)> History { get; init; } = [];

    public ByteOrder ByteOrder { get; init; } = ByteOrder.LittleEndian;
}
