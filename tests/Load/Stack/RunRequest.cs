using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Holoflow.Load.Stack;

/// <summary>A request for a run of a program, as bytes that are sent again and again.</summary>
sealed class RunRequest(string flow, string program, string? method = null, object? parameters = null, string queue = "default", int crashReschedules = 0)
{
    static readonly Uri Path = new("/api/flow-runs", UriKind.Relative);

    readonly byte[] _body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        flowName = flow,
        queue,
        program = new { path = program, method, crashReschedules },
        parameters = parameters ?? new { },
    }));

    /// <summary>Sends it; the run's id.</summary>
    public Task<Guid> Send(HttpClient http, CancellationToken cancellation = default) => Send(http, null, cancellation);

    /// <summary>Sends it under a key that makes repeats one run; the run's id.</summary>
    public async Task<Guid> Send(HttpClient http, string? idempotencyKey, CancellationToken cancellation = default)
    {
        using var content = new ByteArrayContent(_body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var message = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        if (idempotencyKey is not null)
            message.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await http.SendAsync(message, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)response.StatusCode}: {Encoding.UTF8.GetString(answer)}");
        return JsonElement.Parse(answer).GetProperty("id").GetGuid();
    }
}
