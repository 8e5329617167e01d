using System.Diagnostics;
using System.Text;

namespace Holoflow.Servers;

/// <summary>A server process of a test's own, with its files in a folder of its own; gone with the test.</summary>
public sealed class PrivateProcess : IAsyncDisposable
{
    /// <summary>Waits for the end of its input, which comes when the process that holds the other end is gone, however it went.</summary>
    const string Watchdog = "read -r _; kill -9 -- -$0";

    readonly Process _process;
    readonly StringBuilder _output = new();
    Process? _watchdog;

    PrivateProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a program in a session of its own, so that all it starts can be ended with it.</summary>
    public static PrivateProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string directory)
    {
        var start = new ProcessStartInfo("setsid", ["--wait", program, .. arguments]) { UseShellExecute = false, WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var server = new PrivateProcess(new Process { StartInfo = start });
        server._process.OutputDataReceived += server.Keep;
        server._process.ErrorDataReceived += server.Keep;
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        server._watchdog = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Watchdog, $"{server.Id}"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true });
        return server;
    }

    /// <summary>Waits until <paramref name="ready"/> holds.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or was not ready in time; what it printed is in the message.</exception>
    public async Task WaitUntil(Func<Task<bool>> ready, TimeSpan within, string name)
    {
        using var timeout = new CancellationTokenSource(within);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await ready())
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{name} ended with {_process.ExitCode}: {Output}");
            try
            {
                await tick.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new InvalidOperationException($"{name} was not ready within {within.TotalSeconds} s: {Output}", e);
            }
        }
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    public Task Ended(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Ends the process and everything that it started, at once.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await EndWatchdog();
    }

    /// <summary>Sends a signal to the process's own group, by its name without SIG.</summary>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", "--", $"-{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends the process's own group at once; what it started in sessions of their own goes on, as after any kill.</summary>
    public async Task KillAlone()
    {
        if (!_process.HasExited)
            await Signal("KILL");
        // One that was started a moment ago may not have its group yet.
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await EndWatchdog();
    }

    async Task EndWatchdog()
    {
        if (_watchdog is not { } watchdog)
            return;
        _watchdog = null;
        watchdog.Kill();
        await watchdog.WaitForExitAsync();
        watchdog.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
    }

    /// <summary>What it printed so far, on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
            _output.AppendLine(e.Data);
    }
}
