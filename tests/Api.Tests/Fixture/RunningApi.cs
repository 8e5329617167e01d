using System.Net;
using System.Text;
using System.Text.Json;
using Holoflow.Client;
using Holoflow.Messaging.InProcess;
using Holoflow.Persistence;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.Api.Tests.Fixture;

/// <summary>The API on a free port, over a database of its own, the bus in memory, and the real state store behind it.</summary>
sealed class RunningApi : IAsyncDisposable
{
    readonly ApiHost _host;

    RunningApi(string folder, Database database, InProcessBus bus, ApiHost host)
    {
        (Folder, Database, Bus, _host) = (folder, database, bus, host);
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.Address };
        Client = new HoloflowClient(host.Address);
    }

    public string Folder { get; }

    public Database Database { get; }

    public InProcessBus Bus { get; }

    public ApiHost Host => _host;

    public HttpClient Http { get; }

    public HoloflowClient Client { get; }

    public string RunsDirectory => Path.Combine(Folder, "runs");

    public static async Task<RunningApi> Start(ApiOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("holoflow-api-").FullName;
        var database = Database.At(Path.Combine(folder, "holoflow.db"));
        await database.Upgrade(TestContext.Current.CancellationToken);
        var bus = new InProcessBus();
        var host = new ApiHost(
            new ApiServices(bus, database, TimeProvider.System, NullLogger.Instance) { RunsDirectory = Path.Combine(folder, "runs") },
            (options ?? new ApiOptions()) with { Port = 0 });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RunningApi(folder, database, bus, host);
    }

    /// <summary>Sends JSON as it stands.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            _ = request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<HttpResponseMessage> Post(string path, string json, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, path, json, headers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Looks at answers.</summary>
static class AnswerChecks
{
    /// <summary>The problem that the answer is; fails where it is none.</summary>
    public static async Task<JsonElement> Problem(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} and not {(int)status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonElement.Parse(text);
    }

    /// <summary>The fields that the problem names.</summary>
    public static async Task<string[]> WrongFields(this HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        var problem = await response.Problem(status);
        return [.. problem.GetProperty("errors").EnumerateObject().Select(e => e.Name)];
    }

    public static async Task<JsonElement> Json(this HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} and not {(int)status}: {text}");
        return JsonElement.Parse(text);
    }
}
