using System.Data.Common;
using System.Text.Json;
using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.Domain.Notifications;
using Holoflow.Messaging;
using Holoflow.Notifications.Targets;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Microsoft.Extensions.Logging;

namespace Holoflow.Notifications;

/// <summary>
/// Tells people and systems of what becomes of runs. What is to be told is a row before it is told, and one until somebody has it: at least once, by an id that
/// a repeat is known by. Messages only wake it. Any number of processes may do it at once.
/// </summary>
public sealed class NotifierService : IAsyncDisposable
{
    const int AtOnce = 8;
    static readonly TimeSpan PruneEvery = TimeSpan.FromHours(1);

    /// <summary>From a bell to the pass that it wakes: a run changes its state several times in a moment, and what starts it goes first.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    static readonly TimeSpan LastPass = TimeSpan.FromSeconds(5);
    readonly IMessageBus _bus;
    readonly DatabaseWriter _writer;
    readonly NotifierOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly NotificationTable _table;
    readonly WebhookTarget _webhooks;
    readonly EventTarget _events;
    readonly Dictionary<string, INotificationTarget> _targets;
    readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource _stop = new();
    readonly CancellationTokenSource _abort = new();
    readonly List<IAsyncDisposable> _subscriptions = [];
    DateTimeOffset _pruneAt;
    Task _loop = Task.CompletedTask;
    bool _anyRules;

    /// <param name="bus">What wakes it.</param>
    /// <param name="writer">The process's one writer; the caller disposes of it after this service.</param>
    /// <param name="options">By what ways notifications leave.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where faults are told.</param>
    public NotifierService(IMessageBus bus, DatabaseWriter writer, NotifierOptions options, TimeProvider time, ILogger<NotifierService> logger)
    {
        (_bus, _writer, _options, _time, _logger) = (bus, writer, options, time, logger);
        _table = new NotificationTable(options);
        _webhooks = new WebhookTarget(options, time);
        _events = new EventTarget(options);
        _targets = new(StringComparer.Ordinal) { ["webhook"] = _webhooks, ["email"] = new MailTarget(options), ["events"] = _events };
    }

    public Task StartAsync(CancellationToken cancellation)
    {
        _subscriptions.Add(_bus.Subscribe<RunStateChanged>(new Subscription("run.#"), (_, _) => Ring()));
        _subscriptions.Add(_bus.Subscribe<DefinitionChanged>(new Subscription("definition.#"), (_, _) => Ring()));
        _loop = Task.Run(Loop, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Tells what happened last, where that takes no longer than a moment, and ends; the rest is told by whoever comes next.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_stop.IsCancellationRequested)
            return;
        foreach (var subscription in _subscriptions)
            await subscription.DisposeAsync();
        await _stop.CancelAsync();
        _abort.CancelAfter(LastPass);
        await _loop;
        if (_anyRules)
            _ = await TryRunOnce(_abort.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _webhooks.Dispose();
        await _events.DisposeAsync();
        _stop.Dispose();
        _abort.Dispose();
    }

    /// <summary>One pass: decides who is told of what happened, and tells those whose time has come; how many attempts there were.</summary>
    public async Task<int> RunOnce(CancellationToken cancellation)
    {
        var now = Microseconds.Cut(_time.GetUtcNow());
        await Decide(now, cancellation);
        if (now >= _pruneAt)
        {
            _ = await _writer.Write(session => NotificationTable.Forget(session, now - _options.KeepDeliveries), cancellation);
            _pruneAt = now + PruneEvery;
        }

        IReadOnlyList<DueDelivery> due;
        await using (var session = await _writer.Database.OpenReadSession(cancellation))
            due = NotificationTable.DueAt(session, now);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (delivery, ending) => await Deliver(delivery, ending));
        return due.Count;
    }

    async Task Decide(DateTimeOffset now, CancellationToken cancellation)
    {
        var toTell = new List<(StoredRule, ChangedRun)>();
        IReadOnlyList<(Guid, long)> decided;
        await using (var session = await _writer.Database.OpenReadSession(cancellation))
        {
            var rules = NotificationTable.Rules(session);
            _anyRules = rules.Count > 0;
            (var changes, decided) = _table.Undecided(session);
            foreach (var rule in rules)
            {
                var runs = rule.Rule.LongerThan is { } span ? _table.InStateSince(session, rule.Id, now - span) : changes;
                toTell.AddRange(runs.Where(run => rule.Rule.Matches(run.InState, now)).Select(run => (rule, run)));
            }
        }

        if (toTell.Count + decided.Count == 0)
            return;
        _ = await _writer.Write(
            session =>
            {
                NotificationTable.Decide(session, toTell, decided, now);
                return true;
            },
            cancellation);
    }

    async Task Deliver(DueDelivery delivery, CancellationToken cancellation)
    {
        // Where this process dies, the delivery is anybody's again after the lease.
        var until = Microseconds.Cut(_time.GetUtcNow()) + (_options.AttemptTimeout * 2);
        if (!await _writer.Write(session => NotificationTable.Claim(session, delivery, until), cancellation))
            return;
        var outcome = await Send(delivery, cancellation);
        var now = Microseconds.Cut(_time.GetUtcNow());
        var decision = DeliveryPlan.After(delivery.Attempts + 1, delivery.CreatedAt, outcome, now);
        if (decision is DeliveryDecision.GiveUp giveUp)
            Log.NotDelivered(_logger, delivery.RuleName, delivery.Attempts + 1, giveUp.Reason);
        _ = await _writer.Write(
            session =>
            {
                NotificationTable.Save(session, delivery.Id, decision, now);
                return true;
            },
            CancellationToken.None);
    }

    async Task<DeliveryOutcome> Send(DueDelivery delivery, CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var limit = new CancellationTokenSource(_options.AttemptTimeout, _time);
        await using var late = limit.Token.Register(() => attempt.Cancel());
        try
        {
            var content = delivery.Content == "{}" ? Trial(delivery) : JsonSerializer.Deserialize(delivery.Content, NotificationJson.Default.NotificationContent)!;
            return await _targets[delivery.Target].Send(new NotificationToSend(delivery.Id, delivery.Address, delivery.Template, delivery.Secret, content), attempt.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new DeliveryOutcome.Failed($"no answer within {_options.AttemptTimeout.TotalSeconds:0.#} s");
        }
    }

    static NotificationContent Trial(DueDelivery delivery) => new()
    {
        Notification = delivery.RuleName,
        Test = true,
        Run = new NotifiedRun(Guid.Empty, "a-trial", "no-flow", null, "default", []),
        State = new NotifiedState("Completed", "Completed", "this is a trial: nothing happened", delivery.CreatedAt),
    };

    ValueTask Ring()
    {
        _bell.Writer.TryWrite(true);
        return ValueTask.CompletedTask;
    }

    async Task Loop()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (await TryRunOnce(_abort.Token) is not { } wait)
                return;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAny(_bell.Reader.WaitToReadAsync(wake.Token).AsTask(), Task.Delay(wait, _time, wake.Token));
            await wake.CancelAsync();
            await Task.Delay(Gathering, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _bell.Reader.TryRead(out _);
        }
    }

    /// <summary>How long nothing is to be done; null: it was stopped.</summary>
    async Task<TimeSpan?> TryRunOnce(CancellationToken cancellation)
    {
        try
        {
            _ = await RunOnce(cancellation);
            await using var session = await _writer.Database.OpenReadSession(cancellation);
            var left = NotificationTable.NextAt(session) - _time.GetUtcNow();
            return left is { } until && until < _options.LookEvery ? (until > TimeSpan.Zero ? until + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero) : _options.LookEvery;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is DbException or DatabaseException or ObjectDisposedException)
        {
            Log.PassFailed(_logger, e.Message);
            return _options.LookEvery;
        }
    }
}
