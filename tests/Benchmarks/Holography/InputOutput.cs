namespace Holoflow.HolographyBenchmarks;

/// <summary>Cubes and MeasurementSets beside raw reads and writes of as many bytes.</summary>
static class InputOutput
{
    public static async Task<int> Run(int megabytes)
    {
        string folder = Directory.CreateTempSubdirectory("holography-benchmark-").FullName;
        try
        {
            Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
            Console.WriteLine("| what | ours | raw or twin | ours / raw |");
            Console.WriteLine("|---|---|---|---|");
            // The cube first: its peak of memory must not show another part's buffers.
            CubeWriting.Run(folder);
            await DataReading.Run(folder, megabytes);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
