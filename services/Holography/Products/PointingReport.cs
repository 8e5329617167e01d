using System.Globalization;
using System.Text;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Pointing;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Products;

/// <summary>Pointing of one antenna: over all beams, or in one.</summary>
/// <param name="Antenna">Antenna number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Beam">Beam number; -1 for all beams together.</param>
/// <param name="EastArcmin">Offset towards East after removing the array's mean; null where nothing was measured.</param>
/// <param name="NorthArcmin">And towards North.</param>
/// <param name="ScatterArcmin">Robust scatter of what went in.</param>
/// <param name="Samples">Beams and channels that went in.</param>
sealed record PointingLine(int Antenna, string Name, int Beam, double? EastArcmin, double? NorthArcmin, double ScatterArcmin, int Samples);

/// <summary>H13: pointing offsets by antenna and beam, as CSV for people and as a FITS table. HOLOGRAPHY eq. 10.</summary>
static class PointingReport
{
    const int AllBeams = -1;

    /// <summary>The lines: every antenna over all beams, then every antenna in every beam.</summary>
    public static PointingLine[] Measure(ReductionPlan plan, MergedBeams merged)
    {
        var beams = merged.Present.Select(slot => (slot.Beam, BeamMeanFile.ReadTables(slot.Mean!).Quality)).ToArray();
        return
        [
            .. Lines(plan, AllBeams, PointingTable.Combine([.. beams.Select(beam => beam.Quality)])),
            .. beams.SelectMany(beam => Lines(plan, beam.Beam, PointingTable.Combine([beam.Quality]))),
        ];
    }

    public static void WriteCsv(string path, IEnumerable<PointingLine> lines)
    {
        var text = new StringBuilder("antenna,name,beam,east_arcmin,north_arcmin,scatter_arcmin,samples\n");
        foreach (var line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line.Antenna},{line.Name},{(line.Beam == AllBeams ? "all" : line.Beam)},")
                .Append(CultureInfo.InvariantCulture, $"{line.EastArcmin:0.0000},{line.NorthArcmin:0.0000},{line.ScatterArcmin:0.0000},{line.Samples}\n");
        }
        var partial = path + ".partial";
        File.WriteAllText(partial, text.ToString());
        File.Move(partial, path, overwrite: true);
    }

    public static void WriteTable(string path, IReadOnlyList<PointingLine> lines)
    {
        using var file = FitsWriter.Create(path);
        file.WriteTable("POINTING",
        [
            FitsColumn.Of("ANTENNA", lines.Select(line => line.Antenna).ToArray()),
            FitsColumn.Of("NAME", lines.Select(line => line.Name).ToArray()),
            FitsColumn.Of("BEAM", lines.Select(line => line.Beam).ToArray()),
            FitsColumn.Of("EAST", lines.Select(line => line.EastArcmin ?? double.NaN).ToArray(), unit: "arcmin"),
            FitsColumn.Of("NORTH", lines.Select(line => line.NorthArcmin ?? double.NaN).ToArray(), unit: "arcmin"),
            FitsColumn.Of("SCATTER", lines.Select(line => line.ScatterArcmin).ToArray(), unit: "arcmin"),
            FitsColumn.Of("SAMPLES", lines.Select(line => line.Samples).ToArray()),
        ]);
        file.Complete();
    }

    static IEnumerable<PointingLine> Lines(ReductionPlan plan, int beam, IReadOnlyList<AntennaPointing> table) =>
        table.Where(row => row.Antenna != plan.Reference).Select(row => new PointingLine(
            row.Antenna,
            plan.AntennaNames[row.Antenna],
            beam,
            row.Count > 0 ? Angles.Arcmin(row.Offset.L) : null,
            row.Count > 0 ? Angles.Arcmin(row.Offset.M) : null,
            double.IsFinite(row.Scatter) ? Angles.Arcmin(row.Scatter) : 0,
            row.Count));
}
