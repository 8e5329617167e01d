using System.Diagnostics;
using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.Servers;

namespace Holoflow.Sdk.Tests.Support;

/// <summary>A run of one of the sample flows as an agent launches it, attempt after attempt.</summary>
sealed class FlowProcess : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _method;
    int _attempt;
    Process? _process;

    public FlowProcess(string method, string parameters = "{}")
    {
        _method = method;
        Directory = new RunDirectory(_folder.File("run"));
        System.IO.Directory.CreateDirectory(Directory.Path);
        File.WriteAllText(Directory.Parameters, parameters);
    }

    public RunDirectory Directory { get; }

    /// <summary>What has a concurrency limit, as the agent tells it; null: nobody gives slots.</summary>
    public IReadOnlyList<string>? Limited { get; init; }

    public string Errors { get; private set; } = "";

    public int ProcessId => _process!.Id;

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll");

    public string InFolder(string name) => _folder.File(name);

    /// <summary>Launches the next attempt.</summary>
    public void Start()
    {
        var description = new RunDescription { RunId = Guid.Parse("0198c2a0-7b1c-7000-8000-000000000001"), RunName = "sample", FlowName = _method, Attempt = ++_attempt, Epoch = _attempt, Limited = Limited };
        File.WriteAllBytes(Directory.Description, description.ToJson());
        var start = new ProcessStartInfo("dotnet", [Program])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { [RunEnvironment.RunDirectory] = Directory.Path, [RunEnvironment.Method] = _method, [RunEnvironment.Home] = _folder.File("home") },
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Waits for the attempt's end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> End()
    {
        var errors = _process!.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Errors = await errors;
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public Task<int> Run()
    {
        Start();
        return End();
    }

    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{ProcessId}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Ask(ControlRequest request) => File.AppendAllText(Directory.Control, JsonSerializer.Serialize(request, JournalFormat.Default.ControlRequest) + "\n");

    /// <summary>All entries; fails where a complete line is none, or their numbers have a gap.</summary>
    public IReadOnlyList<JournalEntry> Journal()
    {
        using var stream = new FileStream(Directory.Journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var text = new StreamReader(stream).ReadToEnd();
        var entries = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, JournalFormat.Default.JournalEntry)!).ToList();
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(n => (long)n), entries.Select(entry => entry.Sequence));
        return entries;
    }

    public FlowEnded Ended() => Assert.IsType<FlowEnded>(Journal()[^1]);

    public Task UntilJournal(Func<JournalEntry, bool> holds, string what) =>
        FileSignal.Until(Directory.Path, () => File.Exists(Directory.Journal) && Journal().Any(holds), what, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            // It writes into the folder until it is gone.
            _process.WaitForExit();
        }

        _process?.Dispose();
        _folder.Dispose();
    }
}
