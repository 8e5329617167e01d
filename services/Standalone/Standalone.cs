using Holoflow.Agent;
using Holoflow.Api;
using Holoflow.Contracts;
using Holoflow.LogIngest;
using Holoflow.Messaging;
using Holoflow.Messaging.InProcess;
using Holoflow.Notifications;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.RunProtocol;
using Holoflow.Scheduler;
using Holoflow.StateStore;
using Microsoft.Extensions.Logging;

namespace Holoflow.Standalone;

/// <summary>
/// All services in one process, over the in-memory bus and a SQLite file. Any number of such processes may work on one state
/// directory at once; one that dies is succeeded by the next, which finishes its runs.
/// </summary>
public sealed class Standalone : IAsyncDisposable
{
    readonly StandaloneOptions _options;
    readonly InProcessBus _bus;
    readonly Database _database;
    readonly DatabaseWriter _writer;
    readonly StateStoreService _store;
    readonly LogIngestService _logs;
    readonly SchedulerService _scheduler;
    readonly NotifierService _notifier;
    readonly string _agentName;
    readonly RetriedRuns? _retried;
    ApiHost? _api;
    Task<FlowAgent>? _agent;
    Task<Uri?> _apiStarted = Task.FromResult<Uri?>(null);
    readonly CancellationTokenSource _stopping = new();
    bool _isStopped;

    Standalone(StandaloneOptions options)
    {
        _options = options;
        var log = options.Logs.CreateLogger<Standalone>();
        _bus = new InProcessBus((fault, message) => log.HandlerFault(fault, message.GetType().Name));
        _database = Database.At(Path.Combine(options.Home, "holoflow.db"), options.Time);
        _writer = new DatabaseWriter(_database, options.Time);
        _store = new StateStoreService(_bus, _writer, LeasesFor(options) with { RunDeleted = new DeletedRunFiles(options.Home, log).Remove }, options.Time, options.Logs.CreateLogger<StateStoreService>());
        _logs = new LogIngestService(_bus, _writer, new LogIngestOptions(), options.Time);
        _scheduler = new SchedulerService(_bus, _database, options.Scheduling with { FireSchedules = !options.IsForOneRun }, options.Time, options.Logs.CreateLogger<SchedulerService>());
        _notifier = new NotifierService(_bus, _writer, options.Notifications with { SecretsDirectory = options.Notifications.SecretsDirectory ?? Path.Combine(options.Home, "secrets") }, options.Time, options.Logs.CreateLogger<NotifierService>());
        _agentName = options.AgentName ?? NewPrivateName();
        _retried = options is { IsForOneRun: false, AnswersOnly: false } ? new RetriedRuns(options.Home, _bus, _database, StartRetryAgent, log) : null;
    }

    /// <summary>What the services speak over.</summary>
    public IMessageBus Bus => _bus;

    public Database Database => _database;

    /// <summary>The queue that only this process's agent takes runs from, where it serves one run.</summary>
    public string PrivateQueue => _options.RunQueue ?? _agentName;

    /// <summary>Where the API answers; null: there is none. Fails where it could not be had.</summary>
    public Task<Uri?> ApiStarted => _apiStarted;

    /// <summary>Starts the parts, those that do not need each other at the same time.</summary>
    /// <exception cref="StandaloneStartException">Something that it needs is not to be had; nothing is left running.</exception>
    public static async Task<Standalone> StartAsync(StandaloneOptions options, CancellationToken cancellation = default)
    {
        Standalone? standalone = null;
        try
        {
            MakeHome(options.Home);
            standalone = new Standalone(options);
            await standalone.Start(cancellation);
            return standalone;
        }
        catch (Exception e)
        {
            if (standalone is not null)
                await standalone.StopAsync();
            if (e is IOException or UnauthorizedAccessException)
                throw new StandaloneStartException($"the state directory '{options.Home}' cannot be written: {e.Message}; set {RunEnvironment.Home} to a directory of yours", e);
            if (e is DatabaseException or ApiStartException or AgentStartException)
                throw new StandaloneStartException(e.Message, e);
            throw;
        }
    }

    /// <summary>Submits a run that this process's agent alone will take; should the process die before that, its successor cancels the run.</summary>
    public async Task<CommandAnswered> SubmitOwnAsync(SubmitRun run, CancellationToken cancellation = default)
    {
        var agent = await (_agent ?? throw new InvalidOperationException("the process is not started"));
        agent.NoteSubmitted(run.RunId);
        return await _bus.Request(run with { Queue = PrivateQueue }, cancellation);
    }

    /// <summary>Has a run attempted again that only this process's agent will take; should the process die before that, its successor cancels the run.</summary>
    public async Task<CommandAnswered> RetryOwnAsync(Guid run, string? reason, CancellationToken cancellation = default)
    {
        var agent = await (_agent ?? throw new InvalidOperationException("the process is not started"));
        agent.NoteSubmitted(run);
        return await _bus.Request(new RerunRun(run, reason), cancellation);
    }

    /// <summary>Kills the processes of this process's runs, without grace.</summary>
    public async Task KillRunsAsync() => (await (_agent ?? throw new InvalidOperationException("the process is not started"))).KillRuns();

    /// <summary>Stops all parts; runs that still go on are taken up by the next process on the state directory.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _stopping.CancelAsync();
        if (_retried is not null)
            await _retried.DisposeAsync();
        await StopAgent();
        await _scheduler.DisposeAsync();
        await StopApi();
        await _logs.DisposeAsync();
        await _store.DisposeAsync();
        await _notifier.DisposeAsync();
        await _writer.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    // Where one process has the only agent that may hold its run, a short lease helps nobody, and on a machine with far too much to do
    // it would run out under a run that goes on.
    static StateStoreOptions LeasesFor(StandaloneOptions options) =>
        options.IsForOneRun ? new StateStoreOptions { LeaseDuration = TimeSpan.FromMinutes(2) } : new StateStoreOptions();

    static void MakeHome(string home) =>
        Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    async Task Start(CancellationToken cancellation)
    {
        // A server's flows are told its address; an embedded run waits for no web server.
        _agent = _options.WaitForApi ? null : StartAgent(cancellation);
        await _database.Upgrade(cancellation);
        await _logs.StartAsync(cancellation);
        await _store.StartAsync(cancellation);
        if (_options.Port is { } port)
            _apiStarted = Task.Run(() => StartApi(port, _stopping.Token), cancellation);
        if (_options.WaitForApi)
            await _apiStarted.WaitAsync(cancellation);
        if (_options.AnswersOnly)
            return;
        var agent = await (_agent ??= StartAgent(cancellation));
        if (_retried is not null)
            await _retried.StartAsync();
        // Last: what an agent has just taken up and renewed is not swept.
        await _scheduler.StartAsync(cancellation);
        await _notifier.StartAsync(cancellation);
        agent.Announce();
    }

    Task<FlowAgent> StartAgent(CancellationToken cancellation) => StartAgent(
        new AgentOptions
        {
            Name = _agentName,
            Home = _options.Home,
            Queues = _options.IsForOneRun ? [PrivateQueue] : _options.AgentQueues,
            Slots = _options.IsForOneRun || _options.AgentQueues.Count > 0 ? _options.AgentSlots : 0,
            Private = _options.AgentName is null,
            AdoptsOrphans = true,
        },
        cancellation);

    Task<FlowAgent> StartRetryAgent(string queue) =>
        StartAgent(new AgentOptions { Name = NewPrivateName(), Home = _options.Home, Queues = [queue], Slots = 1, Private = true }, _stopping.Token);

    string NewPrivateName() => $"{Contracts.PrivateQueue.Prefix}{Guid.CreateVersion7(_options.Time.GetUtcNow()):N}";

    Task<FlowAgent> StartAgent(AgentOptions options, CancellationToken cancellation)
    {
        options = options with { RunEnvironment = EnvironmentOfRuns(), CancelGrace = _options.CancelGrace ?? options.CancelGrace };
        var bus = _options.AgentBus?.Invoke(_bus) ?? _bus;
        return Task.Run(() => FlowAgent.StartAsync(options, bus, _options.Time, _options.Logs.CreateLogger<FlowAgent>(), cancellation), cancellation);
    }

    Dictionary<string, string> EnvironmentOfRuns()
    {
        var environment = new Dictionary<string, string>(_options.RunEnvironment, StringComparer.Ordinal);
        if (_options.WaitForApi && _api is not null)
            environment[RunEnvironment.ApiUrl] = _api.Address.ToString();
        return environment;
    }

    async Task<Uri?> StartApi(int port, CancellationToken cancellation)
    {
        if (!_options.WaitForApi)
            await Task.Delay(_options.ApiDelay, _options.Time, cancellation);
        var services = new ApiServices(_bus, _database, _options.Time, _options.Logs.CreateLogger<ApiHost>()) { RunsDirectory = Path.Combine(_options.Home, "runs"), RetryPrivate = _retried is null ? null : _retried.Retry };
        var options = new ApiOptions { Address = _options.Address, Port = port, RequireTokens = _options.RequireTokens, AdminTokenFile = _options.AdminTokenFile, ServeOpenApi = _options.ServeOpenApi };
        _api = new ApiHost(services, _options.DashboardDirectory is { } dashboard ? options with { DashboardDirectory = dashboard } : options);
        await _api.StartAsync(cancellation);
        return _api.Address;
    }

    async Task StopAgent()
    {
        if (_agent is null)
            return;
        await ((Task)_agent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_agent.IsCompletedSuccessfully)
            await (await _agent).DisposeAsync();
    }

    async Task StopApi()
    {
        // Why it could not start was told to whoever waited for it.
        await ((Task)_apiStarted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_api is not null)
            await _api.DisposeAsync();
        _stopping.Dispose();
    }
}
