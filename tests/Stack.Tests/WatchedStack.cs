using Holoflow.Servers;

namespace Holoflow.Stack.Tests;

/// <summary>The stack as it is operated: it sends its telemetry to a receiver, and each service tells of its health.</summary>
public sealed class WatchedStack : ServiceStack
{
    readonly string _secrets = Directory.CreateTempSubdirectory("holoflow-secrets-").FullName;
    readonly Dictionary<string, int> _healthPorts = Services.ToDictionary(s => s, _ => FreePort.Next(), StringComparer.Ordinal);

    /// <summary>The password of the database, which the services read from a file. It must be seen nowhere.</summary>
    public string Secret { get; } = $"canary-{Guid.CreateVersion7():N}";

    public OtlpReceiver Receiver { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Receiver = await OtlpReceiver.Start();
        await base.InitializeAsync();
    }

    public Uri Health(string service) => new($"http://127.0.0.1:{_healthPorts[service]}/");

    public override Dictionary<string, string> EnvironmentOf(string service)
    {
        var environment = base.EnvironmentOf(service);
        var password = Path.Combine(_secrets, "database-password");
        File.WriteAllText(password, Secret + "\n");
        environment["HOLOFLOW_DATABASE_PASSWORD_FILE"] = password;
        environment["HOLOFLOW_LOG_LEVEL"] = "Debug";
        environment["HOLOFLOW_HEALTH_PORT"] = _healthPorts[service].ToString();
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Receiver.Address.ToString();
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        return environment;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Receiver.DisposeAsync();
        Directory.Delete(_secrets, recursive: true);
    }
}
