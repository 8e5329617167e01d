using Holoflow.Holography.Reduction;
using Holoflow.Holography.Simulation;

namespace Holoflow.Holography.Accuracy;

/// <summary>What to simulate and reduce for the table of accuracy; the defaults are those of HOLOGRAPHY section 11 at full bandwidth.</summary>
public sealed record AccuracyOptions
{
    /// <summary>Target antennas; the reference comes on top, in the middle of the array.</summary>
    public int TargetAntennas { get; init; } = 12;

    /// <summary>Channels of 1 MHz.</summary>
    public int Channels { get; init; } = 288;

    /// <summary>First channel, Hz.</summary>
    public double FirstFrequency { get; init; } = 800e6;

    /// <summary>Flux density, Jy.</summary>
    public double Flux { get; init; } = 290;

    /// <summary>Pixels a side.</summary>
    public int OutputPixels { get; init; } = 101;

    /// <summary>The truth.</summary>
    public IBeamModel Beams { get; init; } = new AnalyticBeamModel();

    /// <summary>How voltages are reduced; its mode is the one judged.</summary>
    public ReductionOptions Reduction { get; init; } = new();

    /// <summary>Seed.</summary>
    public long Seed { get; init; } = 20260101;

    /// <summary>Interference to add, so that flagging and filling take part.</summary>
    public IReadOnlyList<InterferenceChannel> Interference { get; init; } = [];
}
