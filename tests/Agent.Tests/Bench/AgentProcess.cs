using System.Diagnostics;

namespace Holoflow.Agent.Tests.Bench;

/// <summary>An agent in a process of its own, that can be killed.</summary>
sealed class AgentProcess : IAsyncDisposable
{
    readonly Process _process;

    AgentProcess(Process process) => _process = process;

    public static async Task<AgentProcess> Start(string url, string home, string queue, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleAgent"), [url, home, queue])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        return new AgentProcess(process);
    }

    /// <summary>SIGKILL to this one process.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Kill();
        _process.Dispose();
    }
}
