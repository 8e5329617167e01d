using Holoflow.Holography.Fits;
using Holoflow.Holography.Raster;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>
/// raster.fits: where every antenna stood at every raster point, and which integrations of which antennas may be averaged. Tables ANTENNAS (offsets
/// [A][P] in rad, present, use by integration) and INTEGRATIONS (time, point).
/// </summary>
static class RasterFile
{
    public static void Write(string path, string key, AchievedRaster raster, IReadOnlyList<Integration> integrations)
    {
        var (antennas, points) = (raster.Offsets.Length, raster.Grid.Count);
        using var file = FitsWriter.Create(path);
        file.BeginImage([], StageKey.Header(key).Add("EXTEND", true).Add("NOMINAL", raster.NominalOnly, "positions are assumed")).Complete();
        file.WriteTable("ANTENNAS",
        [
            FitsColumn.Of("L", raster.Offsets.SelectMany(row => row.Select(o => o.L)).ToArray(), points, "rad"),
            FitsColumn.Of("M", raster.Offsets.SelectMany(row => row.Select(o => o.M)).ToArray(), points, "rad"),
            FitsColumn.Of("PRESENT", raster.Present.SelectMany(row => row).ToArray(), points),
            FitsColumn.Of("USE", Enumerable.Range(0, antennas).SelectMany(a => integrations.Select((_, i) => raster.Uses(a, i))).ToArray(), integrations.Count),
            FitsColumn.Of("DROPPED", Enumerable.Range(0, antennas).Select(a => raster.Dropped.FirstOrDefault(d => d.Antenna == a).Reason ?? "").ToArray()),
        ]);
        file.WriteTable("INTEGRATIONS",
        [
            FitsColumn.Of("SCAN", integrations.Select(i => i.Scan).ToArray()),
            FitsColumn.Of("TIME", integrations.Select(i => i.Time).ToArray(), unit: "s"),
            FitsColumn.Of("POINT", integrations.Select((_, i) => raster.PointOf(i)).ToArray()),
        ]);
        file.Complete();
    }

    /// <summary>Reads it back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="grid">The nominal raster.</param>
    public static (AchievedRaster Raster, IReadOnlyDictionary<double, int> IntegrationAt) Read(string path, RasterGrid grid)
    {
        using var file = FitsReader.Open(path);
        var (table, times) = (file.Unit("ANTENNAS"), file.Unit("INTEGRATIONS"));
        var antennas = (int)table.RowCount;
        var offsets = Rows(table.ReadColumn<double>("L").Zip(table.ReadColumn<double>("M"), (l, m) => new SkyOffset(l, m)).ToArray(), antennas);
        var reasons = table.ReadStrings("DROPPED");
        var dropped = Enumerable.Range(0, antennas).Where(a => reasons[a].Length > 0).Select(a => new DroppedAntenna(a, reasons[a])).ToList();
        var raster = AchievedRaster.FromTables(
            grid, offsets, Rows(table.ReadColumn<bool>("PRESENT"), antennas), Rows(table.ReadColumn<bool>("USE"), antennas), times.ReadColumn<int>("POINT"), dropped,
            file.Units[0].Header.Find("NOMINAL") is true);
        return (raster, times.ReadColumn<double>("TIME").Select((time, i) => (time, i)).ToDictionary(x => x.time, x => x.i));
    }

    static T[][] Rows<T>(T[] values, int rows) => values.Length == 0 ? [.. Enumerable.Repeat(Array.Empty<T>(), rows)] : [.. values.Chunk(values.Length / rows)];
}
