using System.Runtime.InteropServices;
using Holoflow.Hosting.Health;
using Holoflow.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Holoflow.Hosting;

/// <summary>What a service needs of its host.</summary>
/// <param name="Logs">Where its parts take their loggers from.</param>
/// <param name="Stopping">Cancelled when the service is asked to stop.</param>
public sealed record ServiceContext(ILoggerFactory Logs, CancellationToken Stopping)
{
    /// <summary>Where other parts tell of failures that concern nobody else.</summary>
    public ILogger Log { get; } = Logs.CreateLogger("Holoflow");

    /// <summary>What must hold for the service to be ready; asked on <c>HOLOFLOW_HEALTH_PORT</c>.</summary>
    public HealthChecks Health { get; } = new();

    /// <summary>True from when the service has come up.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>The service has come up; completes when it is asked to stop.</summary>
    public async Task UntilStopped()
    {
        IsStarted = true;
        Health.Started();
        var stopped = new TaskCompletionSource();
        await using var registration = Stopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}

/// <summary>Runs a service as a process: settings first, all mistakes at once; then until SIGTERM or Ctrl-C, then a graceful stop.</summary>
public static class ServiceHost
{
    /// <summary>
    /// Reads the settings, and where they hold runs the service.
    /// </summary>
    /// <param name="name">The service's name, for people.</param>
    /// <param name="configure">Reads what it needs from the settings and returns the service's work; nothing is started there.</param>
    /// <returns>The exit code: 0 after a graceful stop, 2 for settings that are wrong and for what refuses a start, 1 where the service failed.</returns>
    public static async Task<int> Run(string name, Func<ServiceSettings, Func<ServiceContext, Task>> configure)
    {
        var settings = ServiceSettings.OfProcess();
        var logging = settings.Logging();
        var healthPort = settings.Optional("HOLOFLOW_HEALTH_PORT") is null ? 0 : settings.Number("HOLOFLOW_HEALTH_PORT", 0, 1, 65_535);
        var telemetry = ServiceTelemetry.IsWanted(settings);
        var serve = configure(settings);
        if (settings.Mistakes.Count > 0)
        {
            foreach (var mistake in settings.Mistakes)
                await Console.Error.WriteLineAsync($"{name}: {mistake}");
            return 2;
        }

        using var logs = ServiceLogging.Create(logging);
        using var stopping = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var context = new ServiceContext(logs, stopping.Token);
        try
        {
            using var sending = ServiceTelemetry.Start(name, telemetry);
            await using var health = healthPort == 0 ? null : await HealthServer.Start(healthPort, context.Health, context.Stopping);
            await serve(context);
            context.Log.Stopped(name);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            context.Log.Stopped(name);
            return 0;
        }
        catch (Exception e) when (!context.IsStarted && Log.IsForPeople(e))
        {
            await Console.Error.WriteLineAsync($"{name}: {e.Message.ReplaceLineEndings(" ")}");
            return 2;
        }
        catch (Exception e)
        {
            context.Log.Failed(e, name, e.Message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }
}
