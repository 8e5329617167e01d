using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>What a finished command left.</summary>
sealed record CommandOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of standard output.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The real <c>holoflow</c> executable as a process, with a home of its own.</summary>
sealed partial class HoloflowProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly StringBuilder _errors = new();
    readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    readonly Task _read;

    HoloflowProcess(Process process)
    {
        _process = process;
        _read = Task.WhenAll(Read(process.StandardOutput, _output), Read(process.StandardError, _errors));
    }

    /// <summary>The executable that the build made for this configuration.</summary>
    public static string Executable { get; } = Beside("services/Cli", "holoflow");

    /// <summary>ENTRYPOINT of a sample flow.</summary>
    public static string Sample(string method) => $"{SampleFlows}:{method}";

    public static string SampleFlows { get; } = Beside("tests/SampleFlows", "Holoflow.SampleFlows.dll");

    public int Id => _process.Id;

    public static HoloflowProcess Start(string home, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory.Exists(home) ? home : "/",
        };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("HOLOFLOW_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["HOLOFLOW_HOME"] = home;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new HoloflowProcess(process);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandOutcome> Run(string home, params string[] arguments)
    {
        await using var process = Start(home, arguments);
        return await process.Outcome();
    }

    /// <summary>Waits for the end of the process.</summary>
    public async Task<CommandOutcome> Outcome()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _read;
        return new CommandOutcome(_process.ExitCode, _output.ToString(), _errors.ToString());
    }

    /// <summary>Waits until one of the streams holds a text.</summary>
    public async Task Shows(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            _awaited.Add((text, seen));
            Announce();
        }
        var end = _read.WaitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(seen.Task, end) != seen.Task && !seen.Task.IsCompleted)
            Assert.Fail($"the command ended without '{text}'; output: {_output}; errors: {_errors}");
    }

    /// <summary>All of standard output so far.</summary>
    public string OutputSoFar()
    {
        lock (_awaited)
            return _output.ToString();
    }

    public void Interrupt() => Assert.Equal(0, Kill(_process.Id, (int)Signal.Interrupt));

    public void Terminate() => Assert.Equal(0, Kill(_process.Id, (int)Signal.Terminate));

    /// <summary>SIGKILL to this one process: what it started goes on.</summary>
    public async Task KillAlone()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _read;
        _process.Dispose();
    }

    async Task Read(StreamReader stream, StringBuilder text)
    {
        var buffer = new char[4096];
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_awaited)
            {
                _ = text.Append(buffer, 0, count);
                Announce();
            }
        }
    }

    void Announce()
    {
        foreach (var (text, seen) in _awaited)
            if (_output.ToString().Contains(text, StringComparison.Ordinal) || _errors.ToString().Contains(text, StringComparison.Ordinal))
                _ = seen.TrySetResult();
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Microservices.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not lie in the repository");
        return folder.FullName;
    }

    // bin/<configuration>/<framework>/ of the tests and of what they start are built together.
    static string Beside(string project, string file)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(Root(), project, "bin", framework.Parent!.Name, framework.Name, file);
    }

    enum Signal
    {
        Interrupt = 2,
        Terminate = 15,
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
