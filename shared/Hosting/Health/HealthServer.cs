using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Hosting.Health;

/// <summary>Tells on a port of 127.0.0.1 whether the process lives (<c>/healthz</c>) and whether it can do its work (<c>/readyz</c>).</summary>
sealed class HealthServer : IAsyncDisposable
{
    readonly WebApplication _app;

    HealthServer(WebApplication app) => _app = app;

    /// <exception cref="ServiceStartException">The port cannot be had.</exception>
    public static async Task<HealthServer> Start(int port, HealthChecks checks, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(http => Answer(http, checks));
        try
        {
            await app.StartAsync(cancellation);
            return new HealthServer(app);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw new ServiceStartException($"HOLOFLOW_HEALTH_PORT: port {port} of 127.0.0.1 is taken by another program: choose another", e);
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    static async Task Answer(HttpContext http, HealthChecks checks)
    {
        var (status, text) = http.Request.Path.Value switch
        {
            "/healthz" => (StatusCodes.Status200OK, "alive"),
            "/readyz" when await checks.Faults(http.RequestAborted) is { Count: > 0 } faults => (StatusCodes.Status503ServiceUnavailable, string.Join('\n', faults)),
            "/readyz" => (StatusCodes.Status200OK, "ready"),
            _ => (StatusCodes.Status404NotFound, "here are /healthz and /readyz"),
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), http.RequestAborted);
    }
}
