using System.Globalization;
using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.Sdk.Slurm.Planning;

namespace Holoflow.Sdk.Slurm.Allocations;

/// <summary>What lies in the directory of a job before it is submitted, and from which a later flow process knows it again.</summary>
/// <param name="Part">What tells it from the run's other jobs.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="Shape">What each allocation has.</param>
/// <param name="Count">Its array tasks; 1 where it is none.</param>
sealed record JobFiles(string Part, bool IsArray, AllocationShape Shape, int Count)
{
    const string Script = "slots.sh";

    /// <summary>Writes the files.</summary>
    public async Task Prepare(string directory, RunDirectory run, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        var files = new WorkerDirectory(directory);
        await File.WriteAllTextAsync(files.RunDirectory, run.Path, cancellation);
        await File.WriteAllTextAsync(files.Alive, "", cancellation);
        await using (var resource = typeof(JobFiles).Assembly.GetManifestResourceStream(Script)!)
        await using (var script = File.Create(Path.Combine(directory, Script)))
            await resource.CopyToAsync(script, cancellation);
        WorkerDirectory.WriteWhole(Path.Combine(directory, "allocation.json"), ToJson());
    }

    /// <summary>The program of the job.</summary>
    public IReadOnlyList<string> Command(string directory, IReadOnlyList<string> worker) =>
        ["/bin/bash", Path.Combine(directory, Script), directory, Shape.Slots.ToString(CultureInfo.InvariantCulture), .. worker];

    /// <summary>Reads what an earlier flow process wrote; null where it is not whole.</summary>
    public static JobFiles? Read(string directory)
    {
        var file = Path.Combine(directory, "allocation.json");
        if (!File.Exists(file))
            return null;
        try
        {
            var json = JsonElement.Parse(File.ReadAllBytes(file));
            return new(
                json.GetProperty("part").GetString()!, json.GetProperty("array").GetBoolean(),
                new(
                    json.GetProperty("cores").GetInt32(), json.TryGetProperty("memory", out var memory) ? memory.GetInt64() : null,
                    json.TryGetProperty("walltime", out var walltime) ? TimeSpan.FromSeconds(walltime.GetDouble()) : null, json.GetProperty("gpus").GetInt32(), json.GetProperty("slots").GetInt32()),
                json.GetProperty("count").GetInt32());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Half written when a machine crashed: its job was never submitted.
            return null;
        }
    }

    byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("part", Part);
            json.WriteBoolean("array", IsArray);
            json.WriteNumber("cores", Shape.Cores);
            if (Shape.MemoryMiB is { } memory)
                json.WriteNumber("memory", memory);
            if (Shape.Walltime is { } walltime)
                json.WriteNumber("walltime", walltime.TotalSeconds);
            json.WriteNumber("gpus", Shape.Gpus);
            json.WriteNumber("slots", Shape.Slots);
            json.WriteNumber("count", Count);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
