using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Stack.Tests;

/// <summary>A span as it came over the wire.</summary>
public sealed record ReceivedSpan(string Service, string Name, string TraceId);

/// <summary>Takes what services send by OTLP (HTTP, protobuf), and reads the little of it that tests ask for.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Lock _lock = new();
    readonly List<ReceivedSpan> _spans = [];
    readonly HashSet<string> _metrics = new(StringComparer.Ordinal);
    TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(Take);
    }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<OtlpReceiver> Start()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what came is enough.</summary>
    public async Task<IReadOnlyList<ReceivedSpan>> Until(Func<IReadOnlyList<ReceivedSpan>, IReadOnlySet<string>, bool> enough, CancellationToken cancellation)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (enough(_spans, _metrics))
                    return [.. _spans];
                news = _news.Task;
            }

            await news.WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task Take(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (_lock)
        {
            foreach (var resource in Inside(body.ToArray(), 1))
            {
                var service = Inside(resource, 1).SelectMany(r => Inside(r, 1)).Where(a => Text(a, 1) == "service.name").Select(a => Text(Inside(a, 2).Single(), 1)).FirstOrDefault() ?? "";
                foreach (var item in Inside(resource, 2).SelectMany(scope => Inside(scope, 2)))
                {
                    if (http.Request.Path == "/v1/traces")
                        _spans.Add(new ReceivedSpan(service, Text(item, 5), Convert.ToHexStringLower(Inside(item, 1).Single().Span)));
                    else
                        _ = _metrics.Add(Text(item, 1));
                }
            }

            _news.SetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        http.Response.ContentType = "application/x-protobuf";
    }

    static string Text(ReadOnlyMemory<byte> message, int field) => Inside(message, field).Select(b => Encoding.UTF8.GetString(b.Span)).FirstOrDefault() ?? "";

    /// <summary>The values of a field whose wire type is length-delimited.</summary>
    static IEnumerable<ReadOnlyMemory<byte>> Inside(ReadOnlyMemory<byte> message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var length = (tag & 7) switch { 0 => 0, 1 => 8, 5 => 4, 2 => (int)Varint(message, ref at), var other => throw new InvalidDataException($"wire type {other}") };
            if ((tag & 7) == 0)
                _ = Varint(message, ref at);
            if ((int)(tag >> 3) == field && (tag & 7) == 2)
                yield return message.Slice(at, length);
            at += length;
        }
    }

    static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var b = message.Span[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
