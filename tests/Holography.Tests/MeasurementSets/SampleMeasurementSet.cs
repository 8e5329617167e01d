using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Tables;

namespace Holoflow.Holography.Tests.MeasurementSets;

/// <summary>A small MeasurementSet whose every value follows from its row, channel and correlation, so that a judge can compute it anew.</summary>
static class SampleMeasurementSet
{
    public const int Antennas = 5, Channels = 7, Correlations = 4;

    public static MeasurementSetContents Contents(ByteOrder order) => new()
    {
        ByteOrder = order,
        Antennas = [.. Enumerable.Range(0, Antennas).Select(a => new Antenna($"AK{a + 1:00}", $"PAD{a}", "GROUND-BASED", "EQUATORIAL", [1.5 + a, 2, 3], [0, 0, 0], 12))],
        Feeds = [.. Enumerable.Range(0, Antennas).Select(a => new Feed(a, 0, -1, 1, 0, -1, [0.01, 0.02, 0.03, 0.04], ["X", "Y"], [new(1, 0), default, default, new(1, 0)], [0, 0, 0], [0.1, 0.2]))],
        Fields = [new Field("a field with a rather long name", "", 5e9, [1, -0.5], [1.25, -0.5], [1, -0.5])],
        SpectralWindows = [new SpectralWindow("window", [.. Enumerable.Range(0, Channels).Select(c => 8e8 + (c * 1e6))], [.. Enumerable.Repeat(1e6, Channels)], 8e8, Channels * 1e6)],
        Observations = [new Observation("ASKAP", "an observer", "AS000", 5e9, 5e9 + 100)],
        History = [(5e9, "holoflow", "a message longer than any bucket: " + new string('x', 3000))],
    };

    /// <summary>Writes <paramref name="rowCount"/> rows in blocks of at most <paramref name="blockSize"/>.</summary>
    public static void Write(string path, int rowCount, int blockSize, ByteOrder order)
    {
        using MeasurementSetWriter writer = MeasurementSetWriter.Create(path, Contents(order));
        var rows = new MainRows(blockSize);
        for (int first = 0; first < rowCount; first += blockSize)
        {
            rows.Count = Math.Min(blockSize, rowCount - first);
            for (int i = 0; i < rows.Count; i++)
                Fill(rows, i, first + i);
            var data = new ComplexSingle[rows.Count * Channels * Correlations];
            var flags = new bool[data.Length];
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = Data(first, i);
                flags[i] = ((first * Channels * Correlations) + i) % 3 == 0;
            }
            var weights = new float[rows.Count * Correlations];
            for (int i = 0; i < weights.Length; i++)
                weights[i] = (first * Correlations) + i;
            writer.Append(rows, data, flags, weights);
        }
        writer.AppendPointing([.. Enumerable.Range(0, 40).Select(i =>
            new PointingRow(i % Antennas, 5e9 + i, 1, 0.5 + i, -0.5, 0.25, -0.25, i % 2 == 0, 10 + i, 20, -45))]);
        writer.Complete();
    }

    public static ComplexSingle Data(int firstRow, int index)
    {
        int number = (firstRow * Channels * Correlations) + index;
        return new ComplexSingle(number, -number / 2f);
    }

    static void Fill(MainRows rows, int i, int row)
    {
        rows.Antenna1[i] = row % Antennas;
        rows.Antenna2[i] = (row + 1) % Antennas;
        rows.ScanNumber[i] = row / 10;
        rows.Time[i] = 5e9 + row;
        rows.TimeCentroid[i] = 5e9 + row;
        rows.Exposure[i] = 10;
        rows.Interval[i] = 10;
        rows.FlagRow[i] = row % 7 == 0;
        for (int k = 0; k < 3; k++)
            rows.Uvw[(3 * i) + k] = row + (0.25 * k);
    }
}
