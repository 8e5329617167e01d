using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Simulation;

/// <summary>Interference in one channel.</summary>
/// <param name="Channel">Channel number.</param>
/// <param name="Amplitude">Jy.</param>
/// <param name="Occupancy">Fraction of integrations in which it is present, 0 to 1.</param>
public readonly record struct InterferenceChannel(int Channel, double Amplitude, double Occupancy);

/// <summary>An observation with known truth. HOLOGRAPHY section 10; sections 1 and 9.4 for the sizes.</summary>
public sealed record SimulationOptions
{
    /// <summary>Number of antennas, A.</summary>
    public int Antennas { get; init; } = 12;

    /// <summary>The reference antenna; it stays on the source.</summary>
    public int Reference { get; init; }

    /// <summary>The nominal raster.</summary>
    public RasterGrid Raster { get; init; } = new(15, 15, 0.6 * Math.PI / 180);

    /// <summary>The beams.</summary>
    public Footprint Footprint { get; init; } = Footprint.Named("closepack36", 0.9 * Math.PI / 180, 0);

    /// <summary>Channel frequencies, [C], Hz.</summary>
    public IReadOnlyList<double> Frequencies { get; init; } = [.. Enumerable.Range(0, 16).Select(c => 1072e6 + (c * 1e6))];

    /// <summary>Channel width, Hz.</summary>
    public double ChannelWidth { get; init; } = 1e6;

    /// <summary>Source position, rad.</summary>
    public (double RightAscension, double Declination) Source { get; init; } = (187.7059 * Math.PI / 180, 12.3911 * Math.PI / 180);

    /// <summary>Flux density, Jy.</summary>
    public double Flux { get; init; } = 290;

    /// <summary>A resolved source, which replaces the point of <see cref="Flux"/>; null for a point.</summary>
    public SourceModel? SourceModel { get; init; }

    /// <summary>System equivalent flux density, Jy; 0 for no noise.</summary>
    public double Sefd { get; init; } = 1800;

    /// <summary>Length of an integration, s.</summary>
    public double IntegrationSeconds { get; init; } = 10;

    /// <summary>Settled integrations a raster point.</summary>
    public int IntegrationsPerPoint { get; init; } = 5;

    /// <summary>Integrations at the start of each point in which the antennas still move.</summary>
    public int SettlingIntegrations { get; init; } = 1;

    /// <summary>Time of the first integration's start, MJD s.</summary>
    public double StartTime { get; init; } = 59_000 * 86_400.0;

    /// <summary>Per-antenna pointing error that no table records, rms on each axis, rad. Default 1.5 arcmin.</summary>
    public double PointingScatter { get; init; } = 1.5 * Math.PI / 180 / 60;

    /// <summary>Scatter of the achieved raster positions, which POINTING records, rms on each axis, rad. Default 0.3 arcmin.</summary>
    public double Jitter { get; init; } = 0.3 * Math.PI / 180 / 60;

    /// <summary>Scatter of gain amplitudes, relative; phases are uniform for targets.</summary>
    public double GainScatter { get; init; } = 0.1;

    /// <summary>Ripple of the bandpass, relative.</summary>
    public double BandpassRipple { get; init; } = 0.03;

    /// <summary>conj(g_ry / g_rx) of the reference, what a wrong XY phase calibration leaves; 1 when calibrated.</summary>
    public Complex ReferenceXyRatio { get; init; } = Complex.One;

    /// <summary>Interference.</summary>
    public IReadOnlyList<InterferenceChannel> Interference { get; init; } = [];

    /// <summary>Points that an antenna missed (its rows are flagged).</summary>
    public IReadOnlyList<(int Antenna, int Point)> MissingPoints { get; init; } = [];

    /// <summary>Antennas without any data (their rows are flagged).</summary>
    public IReadOnlyList<int> MissingAntennas { get; init; } = [];

    /// <summary>Write only the rows that hold the reference: what the reduction needs, a twentieth of the whole at 36 antennas.</summary>
    public bool ReferenceRowsOnly { get; init; } = true;

    /// <summary>The beams' truth.</summary>
    public IBeamModel Beams { get; init; } = new AnalyticBeamModel();

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 20260101;
}
