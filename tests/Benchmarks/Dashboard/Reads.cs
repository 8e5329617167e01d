using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Holoflow.DashboardBenchmarks;

/// <summary>Requests a second at 32 clients: the API, and a bare handler that returns the same bytes.</summary>
static class Reads
{
    const int Clients = 32;

    static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    public static async Task<(double Api, double Bare, int Bytes)> Compare(Uri server, string path)
    {
        var address = new Uri(server, path);
        using var http = new HttpClient();
        var bytes = await http.GetByteArrayAsync(address);
        await using var bare = await StartBare(bytes);
        var bareAddress = new Uri(new Uri(bare.Urls.Single()), path);
        // In turns: what else the machine does meets both.
        double api = 0, native = 0;
        for (var round = 0; round < 3; round++)
        {
            api = Math.Max(api, await RequestsPerSecond(address));
            native = Math.Max(native, await RequestsPerSecond(bareAddress));
        }

        return (api, native, bytes.Length);
    }

    static async Task<WebApplication> StartBare(byte[] bytes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async http =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = bytes.Length;
            await http.Response.Body.WriteAsync(bytes);
        });
        await app.StartAsync();
        return app;
    }

    static async Task<double> RequestsPerSecond(Uri address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients });
        var (done, watch) = (0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < Time)
            {
                await http.GetByteArrayAsync(address);
                Interlocked.Increment(ref done);
            }
        })));
        return done / watch.Elapsed.TotalSeconds;
    }
}
