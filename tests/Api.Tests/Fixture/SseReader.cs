using System.Net.ServerSentEvents;

namespace Holoflow.Api.Tests.Fixture;

/// <summary>Reads a stream of events as it comes, without the client's care for broken ones.</summary>
sealed class SseReader : IDisposable
{
    readonly HttpClient _http;
    readonly HttpResponseMessage _response;
    readonly SseParser<string> _parser;
    readonly IAsyncEnumerator<SseItem<string>> _events;

    SseReader(HttpClient http, HttpResponseMessage response, Stream stream)
    {
        (_http, _response) = (http, response);
        _parser = SseParser.Create(stream);
        _events = _parser.EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    public string? LastId => _parser.LastEventId;

    public static async Task<SseReader> Open(RunningApi api, string? lastId)
    {
        var http = new HttpClient { BaseAddress = api.Host.Address };
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        _ = response.EnsureSuccessStatusCode();
        return new SseReader(http, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The data of the next event.</summary>
    public async Task<string> Next() => await _events.MoveNextAsync() ? _events.Current.Data : throw new EndOfStreamException();

    public async Task ToEnd()
    {
        try
        {
            while (await _events.MoveNextAsync())
                continue;
        }
        catch (IOException)
        {
            // Ended hard: ended.
        }
    }

    public void Dispose()
    {
        _response.Dispose();
        _http.Dispose();
    }
}
