using Holoflow.Holography.Averaging;
using Holoflow.Holography.Fits;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>
/// volt.bNN.fits: the averaged voltages of a beam, image [A][P][C][4][re, im] in the data's unit with WEIGHT [A][P][C][4] and table ANTENNAS (hits by point,
/// flags by point and channel); flags.bNN.fits: the same table after RFI was looked for.
/// </summary>
static class VoltageFile
{
    public static void Write(string path, string key, BeamVoltages voltages, BeamFigures figures)
    {
        using var file = FitsWriter.Create(path);
        var header = StageKey.Header(key)
            .Add("ROWSUSED", figures.RowsUsed, "rows averaged")
            .Add("ROWSDROP", figures.RowsDropped, "rows unsettled or off target")
            .Add("NONFINIT", figures.NonFinite, "visibilities not finite, counted as flagged")
            .Add("FLAGGED", figures.FlaggedBefore, "flagged fraction");
        var values = file.BeginImage([8, voltages.Channels, voltages.Points, voltages.Antennas], header);
        foreach (var row in voltages.Values)
            values.Write(row);
        values.Complete();
        var weights = file.BeginImage([4, voltages.Channels, voltages.Points, voltages.Antennas], new FitsHeader(), "WEIGHT");
        foreach (var row in voltages.Weights)
            weights.Write(row);
        weights.Complete();
        WriteFlagTable(file, voltages);
        file.Complete();
    }

    public static void WriteFlags(string path, string key, BeamVoltages voltages)
    {
        using var file = FitsWriter.Create(path);
        file.BeginImage([], StageKey.Header(key).Add("EXTEND", true)).Complete();
        WriteFlagTable(file, voltages);
        file.Complete();
    }

    /// <summary>What was counted when the voltages were averaged.</summary>
    public static BeamFigures ReadFigures(string path)
    {
        using var file = FitsReader.Open(path);
        var header = file.Units[0].Header;
        return new BeamFigures
        {
            RowsUsed = header.GetInteger("ROWSUSED"),
            RowsDropped = header.GetInteger("ROWSDROP"),
            NonFinite = header.GetInteger("NONFINIT"),
            FlaggedBefore = header.GetDouble("FLAGGED"),
        };
    }

    /// <summary>Reads voltages back, with the flags of another file where one is given.</summary>
    public static BeamVoltages Read(string path, string? flagsPath = null)
    {
        using var file = FitsReader.Open(path);
        var shape = file.Units[0].Shape;
        var voltages = new BeamVoltages((int)shape[3], (int)shape[2], (int)shape[1]);
        for (var a = 0; a < voltages.Antennas; a++)
        {
            file.Units[0].ReadImage((long)a * voltages.Values[a].Length, voltages.Values[a]);
            file.Unit("WEIGHT").ReadImage((long)a * voltages.Weights[a].Length, voltages.Weights[a]);
        }
        ReadFlagTable(file, voltages);
        if (flagsPath is not null)
        {
            using var flags = FitsReader.Open(flagsPath);
            ReadFlagTable(flags, voltages);
        }
        return voltages;
    }

    static void WriteFlagTable(FitsWriter file, BeamVoltages voltages) => file.WriteTable("ANTENNAS",
    [
        FitsColumn.Of("HITS", voltages.Hits.SelectMany(hits => hits).ToArray(), voltages.Points),
        FitsColumn.Of("FLAGS", voltages.Flags.SelectMany(flags => flags).ToArray(), voltages.Points * voltages.Channels),
    ]);

    static void ReadFlagTable(FitsReader file, BeamVoltages voltages)
    {
        var (hits, flags) = (file.Unit("ANTENNAS").ReadColumn<int>("HITS"), file.Unit("ANTENNAS").ReadColumn<bool>("FLAGS"));
        for (var a = 0; a < voltages.Antennas; a++)
        {
            hits.AsSpan(a * voltages.Points, voltages.Points).CopyTo(voltages.Hits[a]);
            flags.AsSpan(a * voltages.Flags[a].Length, voltages.Flags[a].Length).CopyTo(voltages.Flags[a]);
        }
    }
}
