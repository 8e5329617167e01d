using System.Net;
using System.Text;
using System.Text.Json;
using Holoflow.Client;
using Holoflow.LogIngest;
using Holoflow.Messaging.InProcess;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.Api.Tests.Fixture;

/// <summary>The API on a free port, over a database of its own, the bus in memory, and the real state store behind it.</summary>
sealed class RunningApi : IAsyncDisposable
{
    readonly ApiHost _host;
    readonly DatabaseWriter _writer;
    readonly StateStoreService _store;
    readonly LogIngestService _logs;

    RunningApi(string folder, DatabaseWriter writer, InProcessBus bus, StateStoreService store, LogIngestService logs, ApiHost host, string? token)
    {
        (Folder, _writer, Bus, _store, _logs, _host) = (folder, writer, bus, store, logs, host);
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.Address };
        Client = new HoloflowClient(new ClientOptions { BaseAddress = host.Address, Token = token });
    }

    public string Folder { get; }

    public Database Database => _writer.Database;

    public InProcessBus Bus { get; }

    public ApiHost Host => _host;

    public HttpClient Http { get; }

    /// <summary>With the admin token where the server was given a file for one.</summary>
    public HoloflowClient Client { get; }

    public string RunsDirectory => Path.Combine(Folder, "runs");

    /// <param name="options">How it is served.</param>
    /// <param name="storeAnswers">False: the state store is away until <see cref="StartStore"/>.</param>
    public static async Task<RunningApi> Start(ApiOptions? options = null, bool storeAnswers = true)
    {
        var folder = Directory.CreateTempSubdirectory("holoflow-api-").FullName;
        var database = Database.At(Path.Combine(folder, "holoflow.db"));
        await database.Upgrade(TestContext.Current.CancellationToken);
        var bus = new InProcessBus(requestTimeout: TimeSpan.FromMinutes(2));
        var writer = new DatabaseWriter(database);
        var store = new StateStoreService(bus, writer, new StateStoreOptions(), TimeProvider.System, NullLogger<StateStoreService>.Instance);
        var logs = new LogIngestService(bus, writer, new LogIngestOptions(), TimeProvider.System);
        if (storeAnswers)
            await store.StartAsync(TestContext.Current.CancellationToken);
        await logs.StartAsync(TestContext.Current.CancellationToken);
        var host = new ApiHost(
            new ApiServices(bus, database, TimeProvider.System, NullLogger.Instance) { RunsDirectory = Path.Combine(folder, "runs") },
            Patient(options ?? new ApiOptions()) with { Port = 0 });
        await host.StartAsync(TestContext.Current.CancellationToken);
        var token = options?.AdminTokenFile is { } file ? (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim() : null;
        return new RunningApi(folder, writer, bus, store, logs, host, token);
    }

    public Task StartStore() => _store.StartAsync(TestContext.Current.CancellationToken);

    /// <summary>A second server over the same database and bus, as after a restart.</summary>
    public async Task<ApiHost> StartAnother(ApiOptions? options = null)
    {
        var host = new ApiHost(new ApiServices(Bus, Database, TimeProvider.System, NullLogger.Instance), (options ?? new ApiOptions()) with { Port = 0 });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    // A disk that a machine with much to do keeps waiting must not make a stored run an accepted one, where the test does not ask for that.
    static ApiOptions Patient(ApiOptions options)
    {
        var (usual, patience) = (new ApiOptions(), TimeSpan.FromMinutes(2));
        return options with
        {
            SubmitTimeout = options.SubmitTimeout == usual.SubmitTimeout ? patience : options.SubmitTimeout,
            CommandTimeout = options.CommandTimeout == usual.CommandTimeout ? patience : options.CommandTimeout,
        };
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
        await _logs.DisposeAsync();
        await _store.DisposeAsync();
        await _writer.DisposeAsync();
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
