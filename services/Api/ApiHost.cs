using System.Net;
using Holoflow.Api.Access;
using Holoflow.Api.Dashboard;
using Holoflow.Api.Description;
using Holoflow.Api.Edge;
using Holoflow.Api.Events;
using Holoflow.Api.Requests;
using Holoflow.Api.Routes;
using Holoflow.Api.Writes;
using Holoflow.Messaging.Http;
using Holoflow.ReadModel.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api;

/// <summary>
/// Serves the REST API, on loopback unless told otherwise. It holds no state of its own: what it reads comes from the store, what it
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
    readonly KnownTokens? _tokens;
    readonly AgentUsers? _agentUsers;
    readonly EnrollmentGate _enrollmentGate = new();
    bool _stopped;

    public ApiHost(ApiServices services, ApiOptions options)
    {
        _services = services;
        _options = options;
        _hub = new EventHub(services.Bus, options);
        _submission = new RunSubmission(services.Bus, services.Time, options, services.Log);
        _gate = new StreamGate(options.MaxStreams, _stopping.Token);
        _tokens = options.NeedsTokens ? new KnownTokens(new ApiTokens(services.Database), services.Bus, services.Time, options.TokensLookAgainAfter, services.Log) : null;
        _agentUsers = services.BrokerUsers is { } broker ? new AgentUsers(broker, new ApiTokens(services.Database), services.Time, options.AgentUsersLookAgainAfter, services.Log) : null;
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
        await LetTokensIn(cancellation);
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new ApiStartException($"port {_options.Port} of {_options.Address} is taken by another program: stop it, or choose another port", e);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new ApiStartException($"port {_options.Port} of {_options.Address} cannot be had: {e.Message}", e);
        }

        Address = Reached(new Uri(_app.Urls.Single()));
        _agentUsers?.Start();
        Log.Started(_services.Log, _app.Urls.Single());
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
        if (_agentUsers is not null)
            await _agentUsers.DisposeAsync();
        if (_tokens is not null)
            await _tokens.DisposeAsync();
        _enrollmentGate.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    async Task LetTokensIn(CancellationToken cancellation)
    {
        if (_tokens is null)
            return;
        if (_options.AdminTokenFile is { } file)
            await new AdminTokenFile(file, _services.Bus, _services.Time, _services.Log).MakeKnown(cancellation);
        await _tokens.StartAsync(cancellation);
        if (!_tokens.AnyLive)
        {
            throw new ApiStartException(
                $"the API would listen on {_options.Address}:{_options.Port} and ask for API tokens, but there is none that is valid: make one with 'holoflow token create NAME --scope admin', or set HOLOFLOW_ADMIN_TOKEN_FILE to a file that the first is written to");
        }
    }

    // What listens on every address is reached on loopback from here.
    Uri Reached(Uri address) =>
        IPAddress.Any.Equals(_options.Address) || IPAddress.IPv6Any.Equals(_options.Address) ? new UriBuilder(address) { Host = IPAddress.Loopback.ToString() }.Uri : address;

    WebApplication Build()
    {
        // The empty builder reads no configuration and registers nothing that is not named here: it starts in a fraction of the time.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Holoflow.Api" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxDrained;
            kestrel.Listen(_options.Address, _options.Port, listen =>
            {
                if (_options.Certificate is { } certificate)
                    listen.UseHttps(certificate);
            });
        });
        if (_options.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<ILoggerFactory>(new OneLogger(_services.Log));
        if (_options.ServeOpenApi)
            OpenApi.Register(builder.Services);
        var app = builder.Build();
        var edge = new EdgePipeline(new BrowserGuard(_options.NeedsTokens ? null : _options.AllowedHosts), _services.Log);
        app.Use(next => http => edge.Invoke(http, next));
        var dashboard = new DashboardSite(_options.DashboardDirectory);
        app.Use(next => http => dashboard.Invoke(http, next));
        app.UseRouting();
        if (_tokens is not null)
        {
            var door = new Door(_tokens, _enrollmentGate, _services.Time, _services.Log);
            app.Use(next => http => door.Invoke(http, next));
        }

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
        new OverviewRoutes(database, time).Map(routes);
        new FlowRunCommandRoutes(database, commands, _submission, _services.RetryPrivate, time).Map(routes);
        new FollowRoutes(database, _hub.Bells, _gate, time, _options, _services.Log).Map(routes);
        new ArtifactRoutes(database, _services.RunsDirectory).Map(routes);
        new ExportRoutes(database, _services.Bus, _services.RunsDirectory).Map(routes);
        new AllocationRoutes(database).Map(routes);
        new TaskRunRoutes(database).Map(routes);
        new ConcurrencyLimitRoutes(database, commands).Map(routes);
        new WorkQueueRoutes(database, commands, time).Map(routes);
        new AgentRoutes(database, time).Map(routes);
        new DeadLetterRoutes(_services.Bus).Map(routes);
        new NotificationRoutes(database, commands).Map(routes);
        new TokenRoutes(database, commands, _tokens, _agentUsers, time).Map(routes);
        new EnrollmentRoutes(commands, _services.BrokerUsers, _tokens).Map(routes);
        new ServerRoutes(database, time).Map(routes);
        new EventRoutes(_hub, _gate, time, _options, _services.Log).Map(routes);
        new BusRoutes(new BusBridge(_services.Bus, time), _gate).Map(routes);
    }
}
