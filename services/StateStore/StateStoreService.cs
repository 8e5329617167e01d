using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Outbox;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Access;
using Holoflow.StateStore.Agents;
using Holoflow.StateStore.Definitions;
using Holoflow.StateStore.Imports;
using Holoflow.StateStore.Notifications;
using Holoflow.StateStore.Runs;
using Holoflow.StateStore.Tasks;
using Microsoft.Extensions.Logging;

namespace Holoflow.StateStore;

/// <summary>
/// Owns the truth: every state change goes through it. Requests that arrive together share one transaction; each is answered when
/// its change is durable, and what others must know is published after that.
/// </summary>
public sealed class StateStoreService : IAsyncDisposable
{
    readonly IMessageBus _bus;
    readonly DatabaseWriter _writer;
    readonly TimeProvider _time;
    readonly StateStoreOptions _options;
    readonly ILogger _logger;
    readonly OutboxRelay _outbox;
    readonly List<IAsyncDisposable> _handlers = [];

    /// <param name="bus">Where requests come from and events go to.</param>
    /// <param name="writer">The process's one writer; the caller disposes of it after this service.</param>
    /// <param name="options">Times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where faults are told.</param>
    public StateStoreService(IMessageBus bus, DatabaseWriter writer, StateStoreOptions options, TimeProvider time, ILogger<StateStoreService> logger)
    {
        _bus = bus;
        _writer = writer;
        _time = time;
        _options = options;
        _logger = logger;
        _outbox = new OutboxRelay(bus, writer, options.OutboxAge, time, logger);
    }

    /// <summary>Answers requests from now on.</summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        var transitions = new RunTransitions(_outbox);
        HandleRuns(transitions);
        HandleReports(transitions);
        HandleDefinitions(transitions);
        _handlers.Add(_bus.Subscribe<AgentCapacityChanged>(new Subscription("agent.#", Queue: "state-store-agents"), SaveAgent));
        _outbox.StartSweeping();
        return Task.CompletedTask;
    }

    /// <summary>Takes no more requests, and publishes what was committed.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        foreach (var handler in _handlers)
            await handler.DisposeAsync();
        _handlers.Clear();
        await _outbox.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    void HandleRuns(RunTransitions transitions)
    {
        var submit = new SubmitRunHandler(transitions);
        var claim = new ClaimRunHandler(transitions, _options);
        var commands = new RunCommandHandlers(transitions);
        var delete = new DeleteRunHandler(_writer, transitions, _options.RunDeleted);
        var imports = new ImportHandlers(transitions);
        var sweep = new SweepRunsHandler(transitions, _options);
        Handle<SubmitRun>(submit.Handle, SubmitRunHandler.Check);
        Handle<CancelRun>(commands.Cancel);
        Handle<PauseRun>(commands.Pause);
        Handle<ResumeRun>(commands.Resume);
        Handle<RerunRun>(commands.Rerun);
        Handle<ReportRun>(commands.Report);
        Handle<ClaimRun, ClaimAnswered>(claim.Handle);
        _handlers.Add(_bus.Handle<DeleteRun, CommandAnswered>(delete.Handle));
        Handle<ImportRows>((session, message, _) => imports.Add(session, message));
        Handle<ImportRun>(imports.Finish);
        Handle<ForgetImport>((session, message, _) => ImportHandlers.Forget(session, message));
        _handlers.Add(_bus.Handle<SweepRuns, SweepAnswered>(async (_, cancellation) => await Sweep(sweep, cancellation)));
    }

    void HandleReports(RunTransitions transitions)
    {
        var renew = new RenewLeasesHandler(_options);
        var tasks = new ReportTasksHandler(transitions, _outbox, _logger);
        Handle<RenewLeases, LeasesRenewed>(renew.Handle);
        Handle<ReportTasks>(tasks.Handle);
    }

    void HandleDefinitions(RunTransitions transitions)
    {
        var deployments = new DeploymentHandlers(_outbox, transitions);
        var queues = new QueueHandlers(_outbox);
        Handle<DefineDeployment>(deployments.Define, DeploymentHandlers.Check);
        Handle<DeleteDeployment>(deployments.Delete);
        Handle<SetSchedulesActive>(deployments.SetActive);
        Handle<DefineSchedules>(deployments.DefineSchedules, message => ScheduleCheck.Check(message.Schedules));
        Handle<ScheduleAdvanced>((session, message, _) => DeploymentHandlers.Advanced(session, message));
        Handle<DefineQueue>(queues.Define, QueueHandlers.Check);
        var limits = new ConcurrencyLimitHandlers(_outbox);
        Handle<SetConcurrencyLimit>(limits.Set, ConcurrencyLimitHandlers.Check);
        Handle<DeleteConcurrencyLimit>(limits.Delete);
        Handle<DeleteQueue>((session, message, _) => queues.Delete(session, message));
        var notifications = new NotificationHandlers(_outbox);
        Handle<DefineNotification>(notifications.Define, NotificationHandlers.Check);
        Handle<DeleteNotification>((session, message, _) => notifications.Delete(session, message));
        Handle<TestNotification>(notifications.Test);
        var tokens = new ApiTokenHandlers(_outbox);
        Handle<DefineApiToken>(tokens.Define, ApiTokenHandlers.Check);
        Handle<RevokeApiToken>(tokens.Revoke);
        Handle<EnrollAgent>(tokens.Enroll, ApiTokenHandlers.Check);
    }

    void Handle<TRequest>(Func<WriteSession, TRequest, DateTimeOffset, CommandAnswered> handler, Func<TRequest, CommandAnswered?>? check = null)
        where TRequest : class, IRequest<CommandAnswered> =>
        _handlers.Add(_bus.Handle<TRequest, CommandAnswered>(async (message, cancellation) =>
            check?.Invoke(message) ?? await _writer.Write(session => Carry(session, message, Now(), handler), cancellation)));

    static CommandAnswered Carry<TRequest>(WriteSession session, TRequest message, DateTimeOffset now, Func<WriteSession, TRequest, DateTimeOffset, CommandAnswered> handler) =>
        message is IOnce once ? Inbox.Once(session, once, now, () => handler(session, message, now)) : handler(session, message, now);

    void Handle<TRequest, TAnswer>(Func<WriteSession, TRequest, DateTimeOffset, TAnswer> handler)
        where TRequest : class, IRequest<TAnswer>
        where TAnswer : class =>
        _handlers.Add(_bus.Handle<TRequest, TAnswer>(async (message, cancellation) => await _writer.Write(session => handler(session, message, Now()), cancellation)));

    DateTimeOffset Now() => Microseconds.Cut(_time.GetUtcNow());

    async Task<SweepAnswered> Sweep(SweepRunsHandler sweep, CancellationToken cancellation)
    {
        var answer = await _writer.Write(session => sweep.Handle(session, Now()), cancellation);
        if (answer is not { LeasesExpired: 0, MarkedLate: 0, ExpiredLate: 0 })
            Log.Swept(_logger, answer.LeasesExpired, answer.MarkedLate, answer.ExpiredLate);
        return answer;
    }

    // For people to read, and told again within seconds: it travels with whatever is written next.
    ValueTask SaveAgent(AgentCapacityChanged agent, CancellationToken cancellation)
    {
        _writer.Defer(session => AgentTable.Save(session, agent, Now()));
        return ValueTask.CompletedTask;
    }
}
