using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.Client.Transport;

namespace Holoflow.Client.Following;

/// <summary>Reads server-sent events and takes the stream up again where it broke, by the last event's id.</summary>
static class EventStream
{
    /// <param name="transport">Opens the stream.</param>
    /// <param name="path">The stream.</param>
    /// <param name="json">What an event's data is.</param>
    /// <param name="isLast">True for the event after which the stream is complete.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async IAsyncEnumerable<T> Read<T>(
        ApiTransport transport, string path, JsonTypeInfo<T> json, Func<T, bool> isLast, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var lastId = "";
        var backOff = new BackOff(transport.Options.TimeProvider, transport.Options.ReconnectFor);
        while (true)
        {
            using var response = await transport.Send(() => Open(path, lastId), transport.Options.ReconnectFor, cancellation);
            if (response.Content.Headers.ContentType?.MediaType is not "text/event-stream")
                throw new ApiUnreachableException(transport.BaseAddress, "it does not answer with an event stream: is this Holoflow's API?");
            using var stream = new SilenceStream(await response.Content.ReadAsStreamAsync(cancellation), transport.Options.StreamSilence);
            var parser = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize(data, json));
            await using var events = parser.EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
            IOException? broken = null;
            while (true)
            {
                var (item, ended) = (default(T), false);
                try
                {
                    ended = !await events.MoveNextAsync();
                    item = ended ? null : events.Current.Data;
                }
                catch (IOException e)
                {
                    broken = e;
                }
                catch (HttpRequestException e)
                {
                    broken = new IOException(e.Message, e);
                }

                if (broken is not null || ended)
                    break;
                backOff.Reset();
                lastId = parser.LastEventId;
                if (item is null)
                    continue;
                yield return item;
                if (isLast(item))
                    yield break;
            }

            if (!backOff.MayGoOn)
                throw new ApiUnreachableException(transport.BaseAddress, broken?.Message ?? "it ends the stream again and again", broken);
            await backOff.Wait(null, cancellation);
        }
    }

    static HttpRequestMessage Open(string path, string lastId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastId.Length > 0)
            request.Headers.Add("Last-Event-ID", lastId);
        return request;
    }
}
