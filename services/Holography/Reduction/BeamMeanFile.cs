using System.Numerics;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Reduction;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>What is known of every antenna's beam, [A][C].</summary>
sealed record AntennaTables(AntennaQuality[][] Quality, RowScale[][] Scales);

/// <summary>
/// mean.bNN.fits: the mean beam, image [4][C][K][K] in units of I at the beam centre (NaN in flagged channels), its standard error STDERR of the same
/// shape, and the tables CHANNELS (frequency, antennas in the mean) and QUALITY (by antenna, [C]).
/// </summary>
static class BeamMeanFile
{
    public static void Write(string path, string key, BeamMean mean)
    {
        var (pixels, channels) = (mean.Grid.Pixels, mean.Frequencies.Length);
        using var file = FitsWriter.Create(path);
        WriteImage(file, [pixels, pixels, channels, 4], mean.Mean, StageKey.Header(key), "");
        WriteImage(file, [pixels, pixels, channels, 4], mean.StandardError, new FitsHeader(), "STDERR");
        file.WriteTable("CHANNELS", [FitsColumn.Of("FREQUENCY", mean.Frequencies, unit: "Hz"), FitsColumn.Of("ANTENNAS", mean.AntennasUsed)]);
        file.WriteTable("QUALITY",
        [
            FitsColumn.Of("PEAK", Flat(mean.Quality, q => q.Peak), channels),
            FitsColumn.Of("SHIFT_L", Flat(mean.Quality, q => q.Shift.L), channels, "rad"),
            FitsColumn.Of("SHIFT_M", Flat(mean.Quality, q => q.Shift.M), channels, "rad"),
            FitsColumn.Of("RATIO", Flat(mean.Quality, q => q.AmplitudeRatio), channels),
            FitsColumn.Of("FLAGS", Flat(mean.Quality, q => (int)q.Flags), channels),
            FitsColumn.Of("SCALE_X", Flat(mean.Scales, s => s.X), channels),
            FitsColumn.Of("SCALE_Y", Flat(mean.Scales, s => s.Y), channels),
        ]);
        file.Complete();
    }

    /// <summary>Reads the planes: mean, standard error, antennas in the mean by channel.</summary>
    public static (float[] Mean, float[] StandardError, int[] Antennas) ReadPlanes(string path)
    {
        using var file = FitsReader.Open(path);
        var (mean, error) = (new float[file.Units[0].Count], new float[file.Units[0].Count]);
        file.Units[0].ReadImage(0, mean);
        file.Unit("STDERR").ReadImage(0, error);
        return (mean, error, file.Unit("CHANNELS").ReadColumn<int>("ANTENNAS"));
    }

    /// <summary>Reads the tables by antenna.</summary>
    public static AntennaTables ReadTables(string path)
    {
        using var file = FitsReader.Open(path);
        var table = file.Unit("QUALITY");
        var (peak, l, m, ratio, flags) = (
            table.ReadColumn<float>("PEAK"), table.ReadColumn<double>("SHIFT_L"), table.ReadColumn<double>("SHIFT_M"), table.ReadColumn<float>("RATIO"), table.ReadColumn<int>("FLAGS"));
        var (x, y) = (table.ReadColumn<Complex>("SCALE_X"), table.ReadColumn<Complex>("SCALE_Y"));
        var channels = peak.Length / (int)table.RowCount;
        var quality = peak.Select((_, k) => new AntennaQuality { Peak = peak[k], Shift = new SkyOffset(l[k], m[k]), AmplitudeRatio = ratio[k], Flags = (QualityFlags)flags[k] });
        return new([.. quality.Chunk(channels)], [.. x.Zip(y, (sx, sy) => new RowScale(sx, sy)).Chunk(channels)]);
    }

    internal static void WriteImage(FitsWriter file, ReadOnlySpan<long> shape, ReadOnlySpan<float> values, FitsHeader header, string name)
    {
        var image = file.BeginImage(shape, header, name);
        image.Write(values);
        image.Complete();
    }

    static TTo[] Flat<TFrom, TTo>(TFrom[][] rows, Func<TFrom, TTo> pick) => [.. rows.SelectMany(row => row.Select(pick))];
}
