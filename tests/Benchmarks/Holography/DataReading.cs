using System.Diagnostics;
using System.Runtime.InteropServices;
using Holoflow.Holography;
using Holoflow.Holography.MeasurementSets;

namespace Holoflow.HolographyBenchmarks;

/// <summary>Reads DATA and FLAG of a MeasurementSet of ASKAP's shape (36 antennas, 288 channels), beside raw reads of the same file and beside casacore.</summary>
static class DataReading
{
    const int Rows = 666, Channels = 288, Correlations = 4, Cell = Channels * Correlations;

    public static async Task Run(string folder, int megabytes)
    {
        string path = Path.Combine(folder, "bench.ms");
        int blocks = Math.Max(1, megabytes * 1_000_000 / (Rows * Cell * 8));
        long bytes = (long)blocks * Rows * Cell * 8;
        long start = Stopwatch.GetTimestamp();
        Write(path, blocks);
        double writing = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"| writing a MeasurementSet ({bytes / 1e6:F0} MB of DATA) | {bytes / writing / 1e6:F0} MB/s | | |");
        using MeasurementSet set = MeasurementSet.Open(path);
        var data = new ComplexSingle[Rows * Cell];
        var flags = new bool[Rows * Cell];
        string tiles = Directory.GetFiles(path, "table.f*_TSM1").OrderByDescending(file => new FileInfo(file).Length).First();
        (double ours, double raw) = Clock.Best(7, () => ReadBlocks(blocks, first => set.Main.ReadData(first, Rows, data)), () => ReadRaw(tiles, MemoryMarshal.AsBytes(data.AsSpan())));
        Clock.Report("reading DATA (from the page cache)", bytes, ours, raw);
        GoalTable.Add("DATA read, share of raw read speed", raw / ours, 0.7, atLeast: true);
        (double flagging, _) = Clock.Best(5, () => ReadBlocks(blocks, first => set.Main.ReadFlags(first, Rows, flags)), () => { });
        Console.WriteLine($"| reading FLAG | {bytes / 8 / flagging / 1e6:F0} M flags/s | | |");
        // Rows of one antenna with the others: every 19th or so, alone.
        double single = Clock.Best(3, () => ReadReference(set, blocks, data), () => { }).First;
        Console.WriteLine($"| reading DATA of the reference antenna's rows, row by row | {blocks * 36.0 * Cell * 8 / single / 1e6:F0} MB/s | | |");
        double casacore = await Casacore(path);
        Clock.Report("reading DATA, beside casacore (python3-casacore, blocks of as many rows)", bytes, ours, casacore);
    }

    static void Write(string path, int blocks)
    {
        double[] frequencies = [.. Enumerable.Range(0, Channels).Select(c => 8e8 + (c * 1e6))];
        var contents = new MeasurementSetContents
        {
            Antennas = [.. Enumerable.Range(0, 36).Select(a => new Antenna($"AK{a + 1:00}", "PAD", "GROUND-BASED", "EQUATORIAL", [1, 2, 3], [0, 0, 0], 12))],
            Feeds = [],
            Fields = [new Field("virgo", "", 5e9, [0, 0], [0, 0], [0, 0])],
            SpectralWindows = [new SpectralWindow("w", frequencies, [.. Enumerable.Repeat(1e6, Channels)], 8e8, 288e6)],
            Observations = [new Observation("ASKAP", "", "", 5e9, 5e9)],
        };
        using MeasurementSetWriter writer = MeasurementSetWriter.Create(path, contents);
        var rows = new MainRows(Rows) { Count = Rows };
        var data = new ComplexSingle[Rows * Cell];
        for (int i = 0; i < data.Length; i++)
            data[i] = new ComplexSingle(i, -i);
        var flags = new bool[data.Length];
        var weights = new float[Rows * Correlations];
        for (int block = 0; block < blocks; block++)
            writer.Append(rows, data, flags, weights);
        writer.Complete();
    }

    static void ReadBlocks(int blocks, Action<long> read)
    {
        for (int block = 0; block < blocks; block++)
            read((long)block * Rows);
    }

    static void ReadReference(MeasurementSet set, int blocks, ComplexSingle[] data)
    {
        for (int block = 0; block < blocks; block++)
            for (int antenna = 0; antenna < 36; antenna++)
                set.Main.ReadData(((long)block * Rows) + (antenna * 18), 1, data.AsSpan(0, Cell));
    }

    static void ReadRaw(string file, Span<byte> buffer)
    {
        using var handle = File.OpenHandle(file);
        long at = 0;
        for (int count; (count = RandomAccess.Read(handle, buffer, at)) > 0; at += count)
        {
        }
    }

    static async Task<double> Casacore(string path)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { UseShellExecute = false, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            """
            import sys, time, casacore.tables as ct
            table = ct.table(sys.argv[1], ack=False)
            best = 1e9
            for _ in range(3):
                start = time.perf_counter()
                for row in range(0, table.nrows(), 666): table.getcol('DATA', row, 666)
                best = min(best, time.perf_counter() - start)
            print(best)
            """);
        start.ArgumentList.Add(path);
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return double.Parse(output);
    }
}
