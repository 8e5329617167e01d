using System.Net.Http.Headers;
using System.Text.Json;

namespace Holoflow.HolographyFlow.Announcements;

/// <summary>
/// Posts events as the HTTP binding of CloudEvents 1.0 has it in structured mode: one JSON object of the media type
/// <c>application/cloudevents+json</c>; any 2xx answer accepts.
/// </summary>
sealed class HttpAnnouncer(Uri address) : IAnnouncer
{
    static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    public async Task AnnounceAsync(FlowEvent announced, CancellationToken cancellation)
    {
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(announced, FlowEvent.Json));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8");
        try
        {
            using var answer = await Client.PostAsync(address, body, cancellation);
            if (!answer.IsSuccessStatusCode)
                throw new AnnouncementException($"{address} answered {(int)answer.StatusCode} to the event {announced.Type}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new AnnouncementException($"{address} did not take the event {announced.Type}: {e.Message}", e);
        }
    }
}
