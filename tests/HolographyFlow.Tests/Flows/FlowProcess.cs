using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.RunProtocol;

namespace Holoflow.HolographyFlow.Tests.Flows;

/// <summary>The flow program as an agent starts it: a process of its own on a run directory, attempt after attempt.</summary>
sealed class FlowProcess : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    readonly TemporaryFolder _folder = new();
    readonly RunDirectory _directory;
    readonly Guid _id = Guid.CreateVersion7();
    readonly IReadOnlyDictionary<string, string> _environment;
    int _attempt;

    /// <param name="parameters">Of the run.</param>
    /// <param name="environment">More of its environment.</param>
    /// <param name="profile">A cluster profile that HOLOFLOW_CLUSTER may name: <c>test</c>.</param>
    public FlowProcess(HolographyParameters parameters, IReadOnlyDictionary<string, string>? environment = null, string? profile = null)
    {
        _environment = environment ?? new Dictionary<string, string>(StringComparer.Ordinal);
        if (profile is not null)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder.File("clusters")).FullName, "test.yaml"), profile);
        _directory = new RunDirectory(Directory.CreateDirectory(_folder.File("run")).FullName);
        File.WriteAllBytes(_directory.Parameters, JsonSerializer.SerializeToUtf8Bytes(parameters, Json));
    }

    /// <summary>Starts the next attempt.</summary>
    /// <param name="largestFile">The kernel kills the process (SIGXFSZ) in the middle of the first file that grows larger than that, bytes.</param>
    public Process Start(long? largestFile = null)
    {
        File.WriteAllBytes(_directory.Description, new RunDescription { RunId = _id, RunName = "killed", FlowName = "Holography Main Flow", Attempt = ++_attempt, Epoch = _attempt }.ToJson());
        string[] limit = largestFile is null ? [] : [$"--fsize={largestFile}", "--core=0"];
        var start = new ProcessStartInfo("prlimit", [.. limit, "dotnet", Path.Combine(AppContext.BaseDirectory, "Holoflow.HolographyFlow.dll")]) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment[RunEnvironment.RunDirectory] = _directory.Path;
        start.Environment[RunEnvironment.Method] = "Holography";
        start.Environment[RunEnvironment.Home] = _folder.Path;
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        // Else the runtime keeps its code in a file of two gigabytes.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>The states of every task run over all attempts, in order, by its name.</summary>
    public Dictionary<string, List<string>> States()
    {
        var names = new Dictionary<Guid, string>();
        var states = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(_directory.Journal))
        {
            var entry = JsonElement.Parse(line);
            if (entry.GetProperty("k").GetString() == "task")
                states.TryAdd(names[entry.GetProperty("task").GetGuid()] = entry.GetProperty("runName").GetString()!, []);
            else if (entry.GetProperty("k").GetString() == "state")
                states[names[entry.GetProperty("task").GetGuid()]].Add(entry.GetProperty("type").GetString()!);
        }
        return states;
    }

    /// <summary>What the last attempt said of its end.</summary>
    public string End => File.ReadLines(_directory.Journal).Select(line => JsonElement.Parse(line)).Last(entry => entry.GetProperty("k").GetString() == "flow-ended").GetProperty("message").GetString()!;

    public void Dispose() => _folder.Dispose();
}
