using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Holoflow.RunProtocol;

namespace Holoflow.HolographyBenchmarks;

/// <summary>
/// The whole flow, once, so that it writes the full cube: closepack36, 36 beams, 288 channels, 15 x 15 raster, 101 x 101 pixels. Only the number of antennas is
/// small, so that the simulation of 36 MeasurementSets ends; what an antenna costs is the full-size beam's part of this benchmark.
/// </summary>
static class ReleaseScale
{
    const int Sbid = 36;

    public static async Task<int> Run(string[] arguments)
    {
        var antennas = int.Parse(arguments.ElementAtOrDefault(0) ?? "4");
        var folder = Directory.CreateTempSubdirectory("release-scale-").FullName;
        try
        {
            Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}; {antennas} antennas");
            Console.WriteLine("| flow | wall time | processor time | peak memory | of its largest child process |");
            Console.WriteLine("|---|---|---|---|---|");
            var simulated = await Flow(folder, "Simulate", new { sbid = Sbid, workdir = folder, antennas, footprint = "closepack36", channels = 288, firstFrequencyMegahertz = 800, rasterColumns = 15, rasterRows = 15, integrationsPerPoint = 1, withoutTruth = true });
            return simulated && await Flow(folder, "Holography", new { sbid = Sbid, workdir = folder, minAntennas = antennas - 1 }) ? Products(folder) : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<bool> Flow(string folder, string method, object parameters)
    {
        var directory = new RunDirectory(Directory.CreateDirectory(Path.Combine(folder, $"run-{method}")).FullName);
        File.WriteAllBytes(directory.Parameters, JsonSerializer.SerializeToUtf8Bytes(parameters));
        File.WriteAllBytes(directory.Description, new RunDescription { RunId = Guid.CreateVersion7(), RunName = method, FlowName = method, Attempt = 1, Epoch = 1 }.ToJson());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Holoflow.HolographyFlow.dll")]) { UseShellExecute = false };
        start.Environment[RunEnvironment.RunDirectory] = directory.Path;
        start.Environment[RunEnvironment.Method] = method;
        start.Environment[RunEnvironment.Home] = folder;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (memory, processor) = (new PeakMemory(process.Id), TimeSpan.Zero);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var ended = process.WaitForExitAsync();
        while (await Task.WhenAny(ended, second.WaitForNextTickAsync().AsTask()) != ended)
        {
            memory.Look();
            process.Refresh();
            if (!process.HasExited)
                processor = process.TotalProcessorTime;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {method} | {watch.Elapsed.TotalSeconds:0} s | {processor.TotalSeconds:0} s | {memory.Own:0} MiB | {(memory.LargestChild > 0 ? $"{memory.LargestChild:0} MiB" : "none")} |"));
        Steps(directory);
        return process.ExitCode == 0;
    }

    // What every step took, summed over beams, and on the longest one.
    static void Steps(RunDirectory directory)
    {
        var names = new Dictionary<Guid, string>();
        var begun = new Dictionary<Guid, DateTimeOffset>();
        var took = new List<(string Name, double Seconds)>();
        foreach (var line in File.ReadLines(directory.Journal))
        {
            var entry = JsonElement.Parse(line);
            var kind = entry.GetProperty("k").GetString();
            if (kind == "task")
                names[entry.GetProperty("task").GetGuid()] = entry.GetProperty("taskName").GetString()!;
            if (kind != "state")
                continue;
            var (task, at) = (entry.GetProperty("task").GetGuid(), entry.GetProperty("t").GetDateTimeOffset());
            if (entry.GetProperty("type").GetString() == "Running")
                begun[task] = at;
            else if (begun.TryGetValue(task, out var since))
                took.Add((names[task], (at - since).TotalSeconds));
            if (entry.GetProperty("type").GetString() == "Failed")
                Console.WriteLine($"|   {names[task]} failed: {entry.GetProperty("message").GetString()} | | | | |");
        }
        foreach (var step in took.GroupBy(one => one.Name))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"|   {step.Count()} x {step.Key} | {step.Sum(one => one.Seconds):0.0} s, longest {step.Max(one => one.Seconds):0.0} s | | | |"));
    }

    static int Products(string folder)
    {
        foreach (var file in new DirectoryInfo(Path.Combine(folder, $"{Sbid}", "products")).GetFiles().OrderByDescending(file => file.Length).Take(4))
            Console.WriteLine($"{file.Name}: {file.Length} bytes");
        return 0;
    }
}
