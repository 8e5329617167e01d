using System.Text.Json.Serialization;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;

namespace Holoflow.HolographyFlow.Admission;

/// <summary>A beam that is not in the products, and why.</summary>
sealed record MissingBeam(int Beam, string Reason);

/// <summary>An antenna that takes no part in some beams.</summary>
sealed record DroppedTarget(int Antenna, string Name, string Reason, int[] Beams);

/// <summary>What H3 admitted: everything that the tasks after it need to know.</summary>
sealed record ReductionPlan
{
    public required HolographyParameters Parameters { get; init; }

    public required Manifest Manifest { get; init; }

    public required Workspace Workspace { get; init; }

    /// <summary>The beams to reduce, by number.</summary>
    public required BeamFile[] Beams { get; init; }

    public required MissingBeam[] Missing { get; init; }

    public required DroppedTarget[] DroppedTargets { get; init; }

    public required string[] Warnings { get; init; }

    /// <summary>Index of the reference antenna.</summary>
    public required int Reference { get; init; }

    public required string[] AntennaNames { get; init; }

    /// <summary>Channel centres, Hz.</summary>
    public required double[] FrequenciesHz { get; init; }

    public required double ChannelWidthHz { get; init; }

    /// <summary>By beam number, [B][2], degrees in the orthographic plane.</summary>
    public required double[][] BeamOffsetsDegrees { get; init; }

    /// <summary>Where the offsets come from.</summary>
    public required string OffsetsFrom { get; init; }

    /// <summary>The beam whose POINTING rows make the raster; null where the nominal raster is assumed.</summary>
    public required int? PointingBeam { get; init; }

    [JsonIgnore]
    public int BeamCount => Manifest.ExpectedBeams;

    /// <summary>Threads of one task on this machine.</summary>
    [JsonIgnore]
    public int Threads => Math.Min(Parameters.Allocation.Cores, Environment.ProcessorCount);

    public Footprint Footprint() => Manifest.FootprintWith(BeamOffsetsDegrees);

    /// <summary>The pixel grid of a beam's product.</summary>
    public OutputGrid Grid(int beam) => OutputGrid.ForBeam(Manifest.Raster(), Footprint(), beam, Parameters.OutputPixels);

    /// <summary>Middle of the band, Hz.</summary>
    [JsonIgnore]
    public double CentreFrequencyHz => 0.5 * (FrequenciesHz[0] + FrequenciesHz[^1]);
}
