using System.Diagnostics;

namespace Holoflow.Standalone.Tests;

/// <summary>A process of all services with one run, that can be killed.</summary>
sealed class StandaloneProcess : IDisposable
{
    readonly Process _process;

    StandaloneProcess(Process process, string submitted)
    {
        _process = process;
        Submitted = submitted;
    }

    public string Submitted { get; }

    public Guid RunId => Guid.Parse(Submitted.Split(' ')[1]);

    public static async Task<StandaloneProcess> Start(string home, string program)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleStandalone"), [home, program])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        return new StandaloneProcess(process, await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "");
    }

    /// <summary>How the run ended, when the process has too.</summary>
    public async Task<string> End()
    {
        var end = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return end ?? "";
    }

    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
