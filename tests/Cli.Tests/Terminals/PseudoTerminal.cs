using System.Diagnostics;
using System.Text;
using Holoflow.Cli.Tests.Processes;

namespace Holoflow.Cli.Tests.Terminals;

/// <summary>The real executable in a pseudo-terminal of its own, by util-linux's <c>script</c>.</summary>
sealed class PseudoTerminal : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _stream = new();
    readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    readonly Task _read;

    PseudoTerminal(Process process)
    {
        _process = process;
        _read = Read();
    }

    public static PseudoTerminal Start(string home, params string[] arguments) => Start(home, new Dictionary<string, string>(), arguments);

    /// <param name="home">Where state lies.</param>
    /// <param name="environment">What is set beside it.</param>
    /// <param name="arguments">Of the command.</param>
    public static PseudoTerminal Start(string home, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // What is run is handed over in the environment: script takes a command line alone, and a shell reads it.
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--command", "stty rows 24 columns 100; eval \"exec $HOLOFLOW_TYPED\"", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = home,
        };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("HOLOFLOW_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["HOLOFLOW_HOME"] = home;
        start.Environment["HOLOFLOW_TYPED"] = string.Join(' ', arguments.Prepend(HoloflowProcess.Executable).Select(a => $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        start.Environment["TERM"] = "xterm";
        start.Environment["SHELL"] = "/bin/sh";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new PseudoTerminal(Process.Start(start)!);
    }

    /// <summary>Types a character, as a person does.</summary>
    public async Task Type(char character)
    {
        await _process.StandardInput.WriteAsync(character);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end of the command; all that the terminal got.</summary>
    public async Task<(int ExitCode, string Stream)> End()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _read;
        return (_process.ExitCode, _stream.ToString());
    }

    /// <summary>Waits until a text was sent to the terminal, in one piece.</summary>
    public async Task Shows(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            _awaited.Add((text, seen));
            Announce();
        }
        if (await Task.WhenAny(seen.Task, _read.WaitAsync(TestContext.Current.CancellationToken)) != seen.Task && !seen.Task.IsCompleted)
            Assert.Fail($"the command ended without '{text}': {_stream}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _read;
        _process.Dispose();
    }

    async Task Read()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_awaited)
            {
                _stream.Append(buffer, 0, count);
                Announce();
            }
        }
    }

    void Announce()
    {
        var stream = _stream.ToString();
        foreach (var (_, seen) in _awaited.Where(a => stream.Contains(a.Text, StringComparison.Ordinal)))
            seen.TrySetResult();
    }
}
