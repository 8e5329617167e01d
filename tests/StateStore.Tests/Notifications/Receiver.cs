using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holoflow.StateStore.Tests.Notifications;

/// <summary>A web server that keeps what is posted to it.</summary>
sealed class Receiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Channel<Posted> _posted = Channel.CreateUnbounded<Posted>();
    readonly ConcurrentQueue<int> _answers = new();

    Receiver(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public ChannelReader<Posted> Posts => _posted.Reader;

    public static async Task<Receiver> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.Take);
        await app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Address = new Uri(new Uri(app.Urls.Single()), "/hook");
        return receiver;
    }

    /// <summary>What it answers next, one after another; then 204.</summary>
    public void Answer(params int[] statuses)
    {
        foreach (var status in statuses)
            _answers.Enqueue(status);
    }

    public IReadOnlyList<Posted> All()
    {
        var all = new List<Posted>();
        while (_posted.Reader.TryRead(out var posted))
            all.Add(posted);
        return all;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task Take(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var status = _answers.TryDequeue(out var asked) ? asked : 204;
        if (status is >= 300 and < 400)
            http.Response.Headers.Location = "/elsewhere";
        http.Response.StatusCode = status;
        _posted.Writer.TryWrite(new Posted(http.Request.Path, body.ToArray(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
    }
}

sealed record Posted(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Delivery => Headers["Holoflow-Delivery"];
}
