using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.ApiModel;

namespace Holoflow.Client.Transport;

/// <summary>Sends requests and repeats them while the server is away.</summary>
sealed class ApiTransport : IDisposable
{
    // A large file takes as long as its way does.
    static readonly TimeSpan LongestUpload = TimeSpan.FromHours(24);

    readonly HttpClient _http;
    readonly ClientOptions _options;

    public ApiTransport(ClientOptions options)
    {
        _options = options;
        var address = options.BaseAddress.AbsoluteUri;
        // A dead server is found by the attempt's time-out and a new connection is tried: no stale pool entry outlives its address.
        var handler = options.Handler ?? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false, AllowAutoRedirect = false };
        _http = new HttpClient(handler, disposeHandler: options.Handler is null)
        {
            BaseAddress = new Uri(address.EndsWith('/') ? address : address + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public ClientOptions Options => _options;

    public Uri BaseAddress => _http.BaseAddress!;

    public void Dispose() => _http.Dispose();

    public Task<T> Get<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation) =>
        SendForJson(() => new HttpRequestMessage(HttpMethod.Get, path), answer, cancellation);

    public Task<TAnswer> Put<T, TAnswer>(string path, T body, JsonTypeInfo<T> request, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation) =>
        SendForJson(() => new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, request) }, answer, cancellation);

    public Task<TAnswer> Patch<T, TAnswer>(string path, T body, JsonTypeInfo<T> request, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation) =>
        SendForJson(() => new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body, request) }, answer, cancellation);

    public Task<T> Delete<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation) =>
        SendForJson(() => new HttpRequestMessage(HttpMethod.Delete, path), answer, cancellation);

    /// <param name="idempotencyKey">Null: one is made; every repeat carries the same.</param>
    public Task<TAnswer> Post<T, TAnswer>(string path, T body, JsonTypeInfo<T> request, JsonTypeInfo<TAnswer> answer, string? idempotencyKey, CancellationToken cancellation)
    {
        var key = idempotencyKey ?? Guid.CreateVersion7(_options.TimeProvider.GetUtcNow()).ToString();
        if (key.Length is 0 or > 200 || key.Any(c => c is < ' ' or > '~'))
            throw new ArgumentException("an idempotency key has 1 to 200 characters of printable ASCII", nameof(idempotencyKey));
        return SendForJson(
            () =>
            {
                var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, request) };
                message.Headers.Add("Idempotency-Key", key);
                return message;
            },
            answer,
            cancellation);
    }

    public async Task<HttpResponseMessage> GetFile(string path, CancellationToken cancellation) =>
        await Send(() => new HttpRequestMessage(HttpMethod.Get, path), _options.RetryFor, cancellation);

    /// <param name="open">Opens what is sent, once an attempt.</param>
    public Task<TAnswer> PostFile<TAnswer>(string path, Func<Stream> open, string mediaType, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation) => SendForJson(
        () => new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(open()) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } } },
        answer,
        cancellation,
        LongestUpload);

    async Task<T> SendForJson<T>(Func<HttpRequestMessage> request, JsonTypeInfo<T> answer, CancellationToken cancellation, TimeSpan? attemptTimeout = null)
    {
        using var response = await Send(request, _options.RetryFor, cancellation, attemptTimeout);
        try
        {
            return await response.Content.ReadFromJsonAsync(answer, cancellation)
                ?? throw new ApiUnreachableException(BaseAddress, "its answer is empty");
        }
        catch (JsonException e)
        {
            throw new ApiUnreachableException(BaseAddress, $"its answer is not what this version of the client understands ({e.Message})", e);
        }
    }

    /// <summary>Sends until an answer other than 503 comes; the answer's body is not read yet.</summary>
    internal async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> request, TimeSpan patience, CancellationToken cancellation, TimeSpan? attemptTimeout = null)
    {
        var backOff = new BackOff(_options.TimeProvider, patience);
        while (true)
        {
            var (response, failure) = await Attempt(request, attemptTimeout ?? _options.AttemptTimeout, cancellation);
            if (response is { StatusCode: not HttpStatusCode.ServiceUnavailable })
            {
                if (response.IsSuccessStatusCode)
                    return response;
                using (response)
                    throw new ApiRefusedException(await ReadProblem(response, cancellation));
            }

            var wanted = response?.Headers.RetryAfter?.Delta;
            if (!backOff.MayGoOn)
            {
                if (response is null)
                    throw new ApiUnreachableException(BaseAddress, Reason(failure!), failure);
                using (response)
                    throw new ApiRefusedException(await ReadProblem(response, cancellation));
            }

            response?.Dispose();
            await backOff.Wait(wanted, cancellation);
        }
    }

    async Task<(HttpResponseMessage? Response, Exception? Failure)> Attempt(Func<HttpRequestMessage> request, TimeSpan timeout, CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        attempt.CancelAfter(timeout);
        using var message = request();
        try
        {
            return (await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, attempt.Token), null);
        }
        catch (HttpRequestException e)
        {
            return (null, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            return (null, new TimeoutException($"no answer within {timeout.TotalSeconds:0.#} s", e));
        }
    }

    internal static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError, InnerException: { } inner } => inner.Message,
        _ => failure.Message,
    };

    static async Task<Problem> ReadProblem(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json")
        {
            try
            {
                if (await response.Content.ReadFromJsonAsync(ApiJson.Default.Problem, cancellation) is { } problem)
                    return problem;
            }
            catch (JsonException e)
            {
                return new Problem { Title = response.ReasonPhrase ?? "refused", Status = status, Detail = $"the server answered {status} with a problem that cannot be read: {e.Message}" };
            }
        }

        return new Problem { Title = response.ReasonPhrase ?? "refused", Status = status, Detail = $"the server answered {status} {response.ReasonPhrase}: is this Holoflow's API?" };
    }
}
