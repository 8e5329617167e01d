using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;

namespace Holoflow.HolographyFlow.Tests;

/// <summary>A valid plan that no files stand behind; closepack36 as in the real cubes unless a number of beams is given.</summary>
static class TestPlan
{
    public static ReductionPlan Of(int beams) => Real(799990740.7407407, 15, 0.6) is var plan ? plan with
    {
        Manifest = plan.Manifest with { ExpectedBeams = beams, MinBeams = beams },
        BeamOffsetsDegrees = plan.BeamOffsetsDegrees[..beams],
    } : plan;

    /// <summary>The plan of a real observation: closepack36 at 0.9 degrees, 288 channels of 1 MHz.</summary>
    public static ReductionPlan Real(double firstFrequency, int points, double stepDegrees)
    {
        var offsets = Holography.Raster.Footprint.Named("closepack36", Angles.Radians(0.9), 0).Offsets.Select(o => new[] { Angles.Degrees(o.L), Angles.Degrees(o.M) }).ToArray();
        return new ReductionPlan
        {
            Parameters = new HolographyParameters { Sbid = 1, Workdir = "/work" },
            Manifest = new Manifest
            {
                SchedulingBlockId = 1,
                ReferenceAntenna = "AK01",
                RasterColumns = points,
                RasterRows = points,
                RasterStepDegrees = stepDegrees,
                RasterRotationDegrees = 0,
                FirstScan = 0,
                Footprint = new FootprintEntry("closepack36", 0.9, 0, offsets),
                PolarizationAxisDegrees = -45,
                BeamWeightsId = null,
                Source = new SourceEntry("virgo", 187.7, 12.4),
                ExpectedBeams = 36,
                MinBeams = 36,
                StartTime = null,
                DishDiameterMetres = 12,
            },
            Workspace = new Workspace("/work/1"),
            Beams = [],
            Missing = [],
            DroppedTargets = [],
            Warnings = [],
            Reference = 0,
            AntennaNames = ["AK01", "AK02"],
            FrequenciesHz = [.. Enumerable.Range(0, 288).Select(c => firstFrequency + (c * 1e6))],
            ChannelWidthHz = 1e6,
            BeamOffsetsDegrees = offsets,
            OffsetsFrom = "scheduling block",
            PointingBeam = 0,
        };
    }
}
