using System.Runtime.InteropServices;
using Holoflow.Holography.Fits;

namespace Holoflow.HolographyBenchmarks;

/// <summary>Writes the full cube (36 beams, 4 Stokes, 288 channels, 101 x 101 pixels: 1.69 GB) plane by plane, beside raw writes of as many bytes.</summary>
static class CubeWriting
{
    public static void Run(string folder)
    {
        var image = new PrimaryBeamImage { Pixels = 101, PixelSize = 0.0345, Channels = 288, FirstFrequency = 8e8, ChannelWidth = 1e6, Beams = 36 };
        long[] shape = PrimaryBeamHeader.CubeShape(image);
        long planes = shape[2] * shape[3] * shape[4], bytes = planes * 101 * 101 * 4;
        var plane = new float[101 * 101];
        for (int i = 0; i < plane.Length; i++)
            plane[i] = MathF.Sin(i);
        string cube = Path.Combine(folder, "cube.fits"), raw = Path.Combine(folder, "raw");
        (double ours, double twin) = Clock.Best(3, () => WriteCube(cube, image, shape, plane, planes), () => WriteRaw(raw, bytes));
        Clock.Report("writing the 36-beam, 288-channel cube with checksums, to the disk", bytes, ours, twin);
        GoalTable.Add("36-beam cube written, share of raw write speed", twin / ours, 0.7, atLeast: true);
        GoalTable.Add("memory at that, MiB", PeakMegabytes(), 300);
        Console.WriteLine($"| peak memory of that | {PeakMegabytes():F0} MiB | goal 300 MiB | |");
        File.Delete(cube);
    }

    static void WriteCube(string path, PrimaryBeamImage image, long[] shape, float[] plane, long planes)
    {
        File.Delete(path);
        using FitsWriter writer = FitsWriter.Create(path);
        FitsImageSink sink = writer.BeginImage(shape, PrimaryBeamHeader.Cube(image));
        for (long i = 0; i < planes; i++)
            sink.Write(plane);
        sink.Complete();
        writer.Complete();
    }

    static void WriteRaw(string path, long bytes)
    {
        var block = new byte[1 << 20];
        MemoryMarshal.Cast<byte, float>(block.AsSpan()).Fill(1.5f);
        using (var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (long at = 0; at < bytes; at += block.Length)
                RandomAccess.Write(handle, block.AsSpan(0, (int)Math.Min(block.Length, bytes - at)), at);
            RandomAccess.FlushToDisk(handle);
        }
        File.Delete(path);
    }

    static double PeakMegabytes() => File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal)) / 1024).First();
}
