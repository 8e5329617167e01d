using System.Net;
using Holoflow.Api.Description;
using Holoflow.Api.Edge;
using Holoflow.Api.Events;
using Holoflow.Api.Requests;
using Holoflow.Api.Routes;
using Holoflow.Api.Writes;
using Holoflow.Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api;

/// <summary>
/// Serves the REST API on a port of 127.0.0.1. It holds no state of its own: what it reads comes from the store, what it
/// changes is asked of the state store.
/// </summary>
public sealed class ApiHost : IAsyncDisposable
{
    readonly ApiServices _services;
    readonly ApiOptions _options;
    readonly WebApplication _app;
    readonly EventHub _hub;
    readonly RunSubmission _submission;
    readonly CancellationTokenSource _stopping = new();
    readonly StreamGate _gate;
    bool _stopped;

    public ApiHost(ApiServices services, ApiOptions options)
    {
        _services = services;
        _options = options;
        _hub = new EventHub(services.Bus, options);
        _submission = new RunSubmission(services.Bus, services.Time, options, services.Log);
        _gate = new StreamGate(options.MaxStreams, _stopping.Token);
        _app = Build();
    }

    /// <summary>Where the API answers, once it is started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>All routes, for tests that hold for each of them.</summary>
    internal IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    internal EventHub Hub => _hub;

    internal int OpenStreams => _gate.Open;

    /// <exception cref="ApiStartException">The port cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        _hub.Start();
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new ApiStartException($"port {_options.Port} of 127.0.0.1 is taken by another program: stop it, or choose another port", e);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new ApiStartException($"port {_options.Port} of 127.0.0.1 cannot be had: {e.Message}", e);
        }

        Address = new Uri(_app.Urls.Single());
        Log.Started(_services.Log, Address);
    }

    /// <summary>Ends all streams, lets requests that are carried out end, and closes the port.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (_stopped)
            return;
        _stopped = true;
        await _stopping.CancelAsync();
        await _app.StopAsync(cancellation);
        await _submission.DisposeAsync();
        await _hub.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    WebApplication Build()
    {
        // The empty builder reads no configuration and registers nothing that is not named here: it starts in a fraction of the time.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Holoflow.Api" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxDrained;
            kestrel.Listen(IPAddress.Loopback, _options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<ILoggerFactory>(new OneLogger(_services.Log));
        if (_options.ServeOpenApi)
            OpenApi.Register(builder.Services);
        var app = builder.Build();
        var edge = new EdgePipeline(new BrowserGuard(_options.AllowedHosts), _services.Log);
        app.Use(next => http => edge.Invoke(http, next));
        app.UseRouting();
        MapRoutes(new RouteTable(app, new IdempotentAnswers(), _services.Time));
        if (_options.ServeOpenApi)
            OpenApi.Map(app);
        return app;
    }

    void MapRoutes(RouteTable routes)
    {
        var (database, time) = (_services.Database, _services.Time);
        var commands = new StateCommands(_services.Bus, time, _options);
        new FlowRoutes(database).Map(routes);
        new DeploymentRoutes(database, commands, _submission, time).Map(routes);
        new ScheduleRoutes(database, time).Map(routes);
        new FlowRunReadRoutes(database).Map(routes);
        new WhyRoutes(database, time).Map(routes);
        new FlowRunCommandRoutes(commands, _submission, time).Map(routes);
        new FollowRoutes(database, _hub.Bells, _gate, time, _options, _services.Log).Map(routes);
        new ArtifactRoutes(database, _services.RunsDirectory).Map(routes);
        new TaskRunRoutes(database).Map(routes);
        new WorkQueueRoutes(database, commands, time).Map(routes);
        new AgentRoutes(database, time).Map(routes);
        new ServerRoutes(database, time).Map(routes);
        new EventRoutes(_hub, _gate, time, _options, _services.Log).Map(routes);
        new BusRoutes(new BusBridge(_services.Bus, time), _gate).Map(routes);
    }
}
