using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Holoflow.Hosting.Telemetry;

/// <summary>
/// Sends traces and metrics by OTLP to where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; the other variables of OpenTelemetry hold as well.
/// Without it nothing is recorded, and no part of the library is loaded.
/// </summary>
sealed class ServiceTelemetry : IDisposable
{
    readonly TracerProvider _traces;
    readonly MeterProvider _metrics;

    ServiceTelemetry(string service)
    {
        var resource = ResourceBuilder.CreateDefault().AddService($"holoflow-{service}", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}");
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("Holoflow", "Microsoft.AspNetCore", "MassTransit", "Npgsql").AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter("Holoflow", "Microsoft.AspNetCore.Hosting", "System.Runtime", "Npgsql").AddOtlpExporter().Build();
    }

    /// <summary>Starts to send, where the settings say where to; else null.</summary>
    public static ServiceTelemetry? Start(string service, bool wanted) => wanted ? new ServiceTelemetry(service) : null;

    /// <summary>Whether telemetry is wanted; a mistake is noted.</summary>
    public static bool IsWanted(ServiceSettings settings)
    {
        const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
        const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
        if (settings.Optional(Endpoint) is not { } text)
            return false;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            settings.Add($"{Endpoint} is '{text}': an address of the form http://host:4317 is expected");
        if (settings.Optional(Protocol) is not (null or "grpc" or "http/protobuf"))
            settings.Add($"{Protocol} is '{settings.Optional(Protocol)}': grpc or http/protobuf is expected");
        return true;
    }

    /// <summary>Sends what was recorded and not sent yet.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
