using System.Text.Json;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Events;

/// <summary><c>/api/events</c>: what changes, for pages that show lists.</summary>
sealed class EventRoutes(EventHub hub, StreamGate gate, TimeProvider time, ApiOptions options, ILogger log)
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    static readonly byte[] ResetJson = JsonSerializer.SerializeToUtf8Bytes(new Reset(), ApiJson.Default.ChangeEvent);

    // Numbers start anew with every server: an id of another one's must not be taken for one of this one's.
    readonly string _server = Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[..12];

    public void Map(RouteTable routes) => routes.Get(
        "/api/events",
        new ApiRoute("Server-sent events for what changes; resumes after Last-Event-ID, or says reset", typeof(ChangeEvent)) { ContentType = "text/event-stream" },
        Follow);

    Task Follow(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        return gate.Run(http, cancellation => Write(http, cancellation));
    }

    async Task Write(HttpContext http, CancellationToken cancellation)
    {
        var writer = new EventStreamWriter(http, time, options, log);
        var events = new List<BufferedEvent>();
        var position = Start(http.Request);
        await writer.Start(cancellation);
        while (true)
        {
            if (!hub.Buffer.Read(position, events))
            {
                position = hub.Buffer.Newest;
                writer.Add(IdOf(position), ResetJson);
            }
            else if (events.Count > 0)
            {
                position = events[^1].Number;
                AddTo(writer, events);
            }

            events.Clear();
            await writer.Flush(cancellation);
            await WaitForMore(writer, position, cancellation);
        }
    }

    /// <summary>A position before all events stands for one that is not known: the reader is told to read anew.</summary>
    long Start(HttpRequest request)
    {
        if (request.Headers["Last-Event-ID"] is not [{ } id])
            return hub.Buffer.Newest;
        return id.Split('-') is [var server, var number] && server == _server && long.TryParse(number, out var position) && position >= 0 ? position : long.MaxValue;
    }

    async Task WaitForMore(EventStreamWriter writer, long position, CancellationToken cancellation)
    {
        // Events that come close together go out together; the more readers there are, the longer they are gathered.
        await Task.Delay(ShortestPause + TimeSpan.FromMilliseconds(gate.Open), time, cancellation);
        while (true)
        {
            try
            {
                await hub.Buffer.WaitForMore(position).WaitAsync(options.StreamHeartbeat, time, cancellation);
                return;
            }
            catch (TimeoutException)
            {
                await writer.Beat(cancellation);
            }
        }
    }

    void AddTo(EventStreamWriter writer, List<BufferedEvent> events)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // From the newest back: of one subject only the last is sent.
        for (var i = events.Count - 1; i >= 0; i--)
        {
            if (events[i].Subject is { } subject && !seen.Add(subject))
                events.RemoveAt(i);
        }

        foreach (var e in events)
            writer.Add(IdOf(e.Number), e.Json.Span);
    }

    string IdOf(long position) => $"{_server}-{position}";
}
