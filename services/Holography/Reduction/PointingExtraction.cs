using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>H4: the achieved raster, from POINTING joined to the main table by scan and time.</summary>
static class PointingExtraction
{
    const int BlockRows = 8192;

    /// <summary>Key of raster.fits.</summary>
    public static string KeyOf(ReductionPlan plan) => StageKey.Of(
        "raster", 1, Source(plan).Fingerprint, plan.Reference, plan.Manifest, plan.Parameters.PointingToleranceArcmin, plan.Parameters.SettleSeconds,
        plan.Parameters.MaxMissingPointsPercent, plan.Parameters.NominalWithoutPointing);

    /// <summary>Extracts the raster of the first admitted beam that has POINTING rows.</summary>
    /// <exception cref="InputException">The pointing makes no raster, or too few antennas follow it.</exception>
    public static (AchievedRaster Raster, IReadOnlyList<Integration> Integrations) Extract(ReductionPlan plan, CancellationToken cancellation)
    {
        using var set = MeasurementSet.Open(Source(plan).Path);
        var integrations = Integrations(set, cancellation);
        var p = plan.Parameters;
        try
        {
            var raster = RasterExtraction.Extract(
                plan.Manifest.Raster(),
                (Angles.Radians(plan.Manifest.Source.RightAscensionDegrees), Angles.Radians(plan.Manifest.Source.DeclinationDegrees)),
                Tracks(set, cancellation),
                plan.Reference,
                integrations,
                new RasterExtractionOptions
                {
                    PointingTolerance = Angles.RadiansOfArcmin(p.PointingToleranceArcmin),
                    SettleSeconds = p.SettleSeconds,
                    MaxMissingPoints = p.MaxMissingPointsPercent / 100,
                    PolAxis = Angles.Radians(plan.Manifest.RasterRotationDegrees),
                    NominalWithoutPointing = p.NominalWithoutPointing,
                    FirstScan = plan.Manifest.FirstScan,
                });
            var left = plan.AntennaNames.Length - 1 - raster.Dropped.Count(d => d.Antenna != plan.Reference);
            return left >= p.MinAntennas ? (raster, integrations) : throw new InputException(
                [$"{left} target antennas follow the raster, and minAntennas is {p.MinAntennas}: {string.Join("; ", raster.Dropped.Select(d => d.Reason))}"]);
        }
        catch (RasterException e)
        {
            throw new InputException([e.Message]);
        }
    }

    static BeamFile Source(ReductionPlan plan) => plan.Beams.First(beam => beam.Beam == (plan.PointingBeam ?? plan.Beams[0].Beam));

    static List<Integration> Integrations(MeasurementSet set, CancellationToken cancellation)
    {
        var found = new SortedDictionary<double, Integration>();
        var rows = new MainRows(BlockRows);
        for (long first = 0; first < set.Main.RowCount; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            set.Main.Read(first, (int)Math.Min(BlockRows, set.Main.RowCount - first), rows);
            for (var row = 0; row < rows.Count; row++)
                found.TryAdd(rows.Time[row], new Integration(rows.ScanNumber[row], rows.Time[row], rows.Interval[row]));
        }
        return [.. found.Values];
    }

    static PointingTrack[] Tracks(MeasurementSet set, CancellationToken cancellation)
    {
        var byAntenna = set.Antennas.Select(_ => new List<PointingRow>()).ToArray();
        var rows = new PointingRow[BlockRows];
        for (long first = 0; first < set.Pointing.RowCount; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = rows.AsSpan(0, (int)Math.Min(BlockRows, set.Pointing.RowCount - first));
            set.Pointing.Read(first, block);
            foreach (ref readonly var row in block)
            {
                if (row.AntennaId >= 0 && row.AntennaId < byAntenna.Length)
                    byAntenna[row.AntennaId].Add(row);
            }
        }
        return [.. byAntenna.Select(track => new PointingTrack([.. track.Select(r => r.Time)], [.. track.Select(r => r.RightAscension)], [.. track.Select(r => r.Declination)]))];
    }
}
