using System.Diagnostics;

namespace Holoflow.Stack.Tests;

/// <summary>A service that a test starts by itself, to see how it ends; gone with the test.</summary>
sealed class ServiceProcess : IDisposable
{
    readonly Process _process;

    ServiceProcess(Process process) => _process = process;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static ServiceProcess Start(string service, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [ServiceStack.Program(service)]) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>The process of a service that tells of its health on a port.</summary>
    public static int Of(string service, int healthPort) => Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0).First(id =>
        id > 0 && Read(id, "cmdline").Split('\0') is ["dotnet", var program, ..] && program == ServiceStack.Program(service) && Read(id, "environ").Split('\0').Contains($"HOLOFLOW_HEALTH_PORT={healthPort}", StringComparer.Ordinal));

    static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended, or is another user's.
            return "";
        }
    }

    /// <summary>Asks it to stop, and waits for its end.</summary>
    public async Task<(int ExitCode, string Errors)> Stop()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync(Cancellation);
        return await Ended();
    }

    /// <summary>How it ended, and what it printed.</summary>
    public async Task<(int ExitCode, string Errors)> Ended()
    {
        var errors = await _process.StandardError.ReadToEndAsync(Cancellation);
        await _process.WaitForExitAsync(Cancellation);
        return (_process.ExitCode, errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>It must not start, and says why in one line.</summary>
    public static async Task Refused(string service, IReadOnlyDictionary<string, string> environment, string says)
    {
        using var process = Start(service, environment);
        var (code, errors) = await process.Ended();
        Assert.True(code == 2, $"{code}: {errors}");
        Assert.Contains(says, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    /// <summary>Waits until its page says that it is ready.</summary>
    public static async Task Ready(Uri health)
    {
        using var http = new HttpClient { BaseAddress = health };
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var said = "";
        while (said != "ready\n")
        {
            Assert.True(await tick.WaitForNextTickAsync(Cancellation), said);
            try
            {
                using var response = await http.GetAsync("readyz", Cancellation);
                said = await response.Content.ReadAsStringAsync(Cancellation);
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
    }
}
