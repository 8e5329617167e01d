using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.ReadModel.Scheduling;
using Holoflow.Scheduler.Offers;
using Holoflow.Scheduler.Retention;
using Holoflow.Scheduler.Schedules;
using Microsoft.Extensions.Logging;

namespace Holoflow.Scheduler;

/// <summary>
/// Owns time: due schedules, late runs, expired leases; offers work against free slots. What it does follows from the store alone; messages
/// only wake it, and a lost one costs no more than the time between two sweeps. Any number of them may run on one PostgreSQL store: one leads,
/// the others listen and wait to take its place.
/// </summary>
public sealed class SchedulerService : IAsyncDisposable
{
    /// <summary>From one pass to the next where slots become free and no run is new: what is freed within the time is filled together.</summary>
    static readonly TimeSpan BetweenRefills = TimeSpan.FromMilliseconds(10);

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    readonly IMessageBus _bus;
    readonly Database _database;
    readonly SchedulerOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly WaitingRuns _waiting;
    readonly KnownAgents _agents = new();
    readonly RunOffers _offers;
    readonly DueSchedules _schedules;
    readonly RunRetention _retention;
    readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource _stop = new();
    readonly List<IAsyncDisposable> _subscriptions = [];
    DateTimeOffset _sweepAt;
    Task _loop = Task.CompletedTask;
    long _passBegan;
    int _ringsSoon;
    volatile bool _definitionsChanged = true;

    public SchedulerService(IMessageBus bus, Database database, SchedulerOptions options, TimeProvider time, ILogger<SchedulerService> logger)
    {
        _bus = bus;
        _database = database;
        _options = options;
        _time = time;
        _logger = logger;
        _waiting = new WaitingRuns(database);
        _offers = new RunOffers(bus, _waiting, _agents, options);
        _schedules = new DueSchedules(bus, _waiting, options, logger);
        _retention = new RunRetention(bus, database, options, time, logger);
    }

    /// <summary>Listens for bells and starts the loop.</summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        Listen();
        _loop = Task.Run(Loop, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Ends after the pass that is under way.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_stop.IsCancellationRequested)
            return;
        foreach (var subscription in _subscriptions)
            await subscription.DisposeAsync();
        _subscriptions.Clear();
        await _stop.CancelAsync();
        await _loop;
        await _waiting.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    /// <summary>One pass: schedules where one is due or they changed, a sweep where it is time, offers.</summary>
    public async Task<SchedulerPass> RunOnce(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var submitted = 0;
        var swept = 0;
        var sweeps = now >= _sweepAt;
        if (sweeps || _definitionsChanged || _schedules.NextFire <= now)
        {
            _definitionsChanged = false;
            submitted = await _schedules.RunOnce(now, cancellation);
        }

        if (sweeps)
        {
            var answer = await _bus.Request(new SweepRuns(), cancellation);
            swept = answer.LeasesExpired + answer.MarkedLate + answer.ExpiredLate;
            _sweepAt = now + _options.SweepEvery;
        }

        var offered = await _offers.RunOnce(now, cancellation);
        return new SchedulerPass(submitted, swept, offered, Earliest(_sweepAt, _schedules.NextFire, await _waiting.ReadNextDue(now, cancellation), _agents.FirstLapse()));
    }

    internal void Listen()
    {
        _subscriptions.Add(_bus.Subscribe<RunStateChanged>(new Subscription("run.#"), OnRunStateChanged));
        _subscriptions.Add(_bus.Subscribe<AgentCapacityChanged>(new Subscription("agent.#"), OnAgentCapacityChanged));
        _subscriptions.Add(_bus.Subscribe<DefinitionChanged>(new Subscription("definition.#"), OnDefinitionChanged));
    }

    static DateTimeOffset Earliest(DateTimeOffset first, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            if (other < first)
                first = other.Value;
        }

        return first;
    }

    ValueTask OnRunStateChanged(RunStateChanged changed, CancellationToken cancellation)
    {
        switch (changed.StateType)
        {
            case "Pending":
                _agents.Taken(changed.RunId);
                break;
            case "Scheduled":
                _agents.Waits(changed.RunId);
                Ring();
                break;
            case "Completed" or "Failed" or "Crashed" or "Cancelled":
                // Without a free slot a pass finds nothing, and the one that the agent's word then calls for would wait its time after it.
                if (_agents.Settle(changed.RunId))
                    RingSoon();
                break;
        }

        return ValueTask.CompletedTask;
    }

    ValueTask OnAgentCapacityChanged(AgentCapacityChanged agent, CancellationToken cancellation)
    {
        if (_agents.Announce(agent, _time.GetUtcNow()))
            RingSoon();
        return ValueTask.CompletedTask;
    }

    ValueTask OnDefinitionChanged(DefinitionChanged changed, CancellationToken cancellation)
    {
        if (changed.Kind != DefinitionChanged.ConcurrencySlot)
            _definitionsChanged = true;
        Ring();
        return ValueTask.CompletedTask;
    }

    void Ring() => _bell.Writer.TryWrite(true);

    void RingSoon()
    {
        if (Interlocked.Exchange(ref _ringsSoon, 1) == 0)
            _ = RingAfterwards();
    }

    async Task RingAfterwards()
    {
        if (BetweenRefills - Stopwatch.GetElapsedTime(Volatile.Read(ref _passBegan)) is var early && early > TimeSpan.Zero)
            await Task.Delay(early);
        Volatile.Write(ref _ringsSoon, 0);
        Ring();
    }

    async Task Loop()
    {
        var pause = FirstPause;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var leadership = await _database.Lead("scheduling", _stop.Token);
                Log.Leads(_logger);
                using var leading = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, leadership.Lost);
                var retention = _retention.Loop(leading.Token);
                try
                {
                    while (true)
                    {
                        Volatile.Write(ref _passBegan, Stopwatch.GetTimestamp());
                        var pass = await RunOnce(leading.Token);
                        pause = FirstPause;
                        await WaitUntil(pass.NextAt, leading.Token);
                    }
                }
                finally
                {
                    await leading.CancelAsync();
                    await retention;
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                Log.LeadershipLost(_logger);
            }
            catch (Exception e) when (e is DbException or DatabaseException or MessagingException or TimeoutException)
            {
                Log.PassFailed(_logger, pause, e.Message);
                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            // Whoever led meanwhile may have changed anything.
            await _waiting.Reset();
            _definitionsChanged = true;
            _sweepAt = default;
        }
    }

    /// <summary>Sleeps until then, or until a bell rings.</summary>
    async Task WaitUntil(DateTimeOffset at, CancellationToken cancellation)
    {
        var left = at - _time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var bell = _bell.Reader.WaitToReadAsync(wake.Token).AsTask();
            // Timers count whole milliseconds, rounded down: a little late is better than a pass too early.
            await Task.WhenAny(bell, Task.Delay(left + TimeSpan.FromMilliseconds(1), _time, wake.Token));
            await wake.CancelAsync();
        }

        cancellation.ThrowIfCancellationRequested();
        _bell.Reader.TryRead(out _);
    }
}
