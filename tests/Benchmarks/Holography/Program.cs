using System.Globalization;
using Holoflow.HolographyBenchmarks;

// dotnet run -c Release --project tests/Benchmarks/Holography [megabytes of DATA]
int megabytes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 512;
string folder = Directory.CreateTempSubdirectory("holography-benchmark-").FullName;
try
{
    Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
    Console.WriteLine("| what | ours | raw or twin | ours / raw |");
    Console.WriteLine("|---|---|---|---|");
    // The cube first: its peak of memory must not show another part's buffers.
    CubeWriting.Run(folder);
    await DataReading.Run(folder, megabytes);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
