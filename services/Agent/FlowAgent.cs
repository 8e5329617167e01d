using Holoflow.Agent.Follow;
using Holoflow.Agent.Jobs;
using Holoflow.Agent.Launch;
using Holoflow.Agent.Offers;
using Holoflow.Agent.Requests;
using Holoflow.Agent.Runs;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Microsoft.Extensions.Logging;

namespace Holoflow.Agent;

/// <summary>
/// Owns processes: claims runs, launches their programs, tells what they do, renews their leases, cancels and reaps. May be
/// killed at any moment: the runs go on, and its next start takes them up without a gap or a repeat.
/// </summary>
public sealed class FlowAgent : IAsyncDisposable
{
    /// <summary>From the wish to stop to the end of waiting for the server to hear of it.</summary>
    static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    /// <summary>Between two announcements, however quickly slots are taken and freed.</summary>
    static readonly TimeSpan BetweenAnnouncements = TimeSpan.FromMilliseconds(5);

    /// <summary>Between two looks for agents that died.</summary>
    static readonly TimeSpan OrphanPeriod = TimeSpan.FromSeconds(5);

    /// <summary>From the start to the first look for old run files, and between two looks.</summary>
    static readonly TimeSpan FirstClearing = TimeSpan.FromSeconds(5), ClearingPeriod = TimeSpan.FromHours(1);

    readonly IMessageBus _bus;
    readonly AgentContext _context;
    readonly HeldRuns _runs;
    readonly LeaseRenewal _leases;
    readonly CapacityAnnouncement _capacity;
    readonly OfferTaker _offers;
    readonly AsyncSignal _capacityChanged = new();
    readonly AsyncSignal _runsChanged = new();
    readonly CancellationTokenSource _stopping = new();
    readonly Dictionary<string, ISubscription> _controls = new(StringComparer.Ordinal);
    IReadOnlyList<ISubscription> _subscriptions = [];
    Task _loops = Task.CompletedTask;
    Task _cancellations = Task.CompletedTask;
    bool _isStopped;

    FlowAgent(AgentOptions options, IMessageBus bus, TimeProvider time, ILogger log)
    {
        _bus = bus;
        var directory = AgentDirectory.Open(options.Home, options.Name, time);
        _context = new AgentContext(options, directory, new DirectoryWatches(directory.Path), new OutputKeeper(), new PatientRequests(bus, time, log), new ClusterLinks(options, time, log, _stopping.Token), time, log);
        _leases = new LeaseRenewal(bus, _context);
        _runs = new HeldRuns(_context, (record, c) => _leases!.IsHeld(_runs!, record, c), OnChanged, _stopping.Token);
        _capacity = new CapacityAnnouncement(bus, _context, _runs);
        _offers = new OfferTaker(_context, _runs);
    }

    /// <summary>The agent's id in messages: its name, and what tells it from agents of that name elsewhere.</summary>
    public string AgentId => _context.Directory.AgentId;

    /// <summary>Completes when offers, and what is asked of its runs, reach it: what was sent before may be lost.</summary>
    public Task Listening => Task.WhenAll(_subscriptions.Concat(_controls.Values).Select(s => s.Established));

    /// <summary>How many runs it holds.</summary>
    public int HeldRunCount => _runs.Count;

    /// <summary>Starts an agent; runs that it (or, where it adopts orphans, a dead private agent) held before are taken up first.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="bus">How it speaks to the other services, which need not be there yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Its own log; what concerns a run goes into the run's.</param>
    /// <param name="cancellation">Ends the wait for the first renewal of leases.</param>
    /// <exception cref="AgentStartException">An option is wrong, or another agent of this name runs.</exception>
    public static async Task<FlowAgent> StartAsync(AgentOptions options, IMessageBus bus, TimeProvider time, ILogger log, CancellationToken cancellation = default)
    {
        options.Validate();
        var agent = new FlowAgent(options, bus, time, log);
        await agent.Start(cancellation);
        return agent;
    }

    /// <summary>Remembers a run that is about to be submitted for this private agent alone: if it dies first, the next one cancels the run.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void NoteSubmitted(Guid runId) => _context.Directory.NoteSubmitted(runId);

    /// <summary>Kills the processes of all runs that it holds, without grace; for a person who asked twice.</summary>
    public void KillRuns() => _runs.Kill();

    /// <summary>Tells of itself now: for one who has only just begun to listen.</summary>
    public void Announce() => _capacityChanged.Pulse();

    /// <summary>Takes no more runs; ends when those it holds have ended.</summary>
    public Task DrainAsync()
    {
        _runs.Close();
        return _runs.Drained();
    }

    /// <summary>Stops; runs that it holds go on, and are taken up by its next start.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        _runs.Close();
        foreach (var subscription in _subscriptions.Concat(_controls.Values))
            await subscription.DisposeAsync();
        var left = _runs.Count;
        await _stopping.CancelAsync();
        await _loops;
        await _cancellations;
        await _runs.Drained();
        using (var farewell = new CancellationTokenSource(FarewellTime, _context.Time))
        {
            try
            {
                await _capacity.Announce(online: false, farewell.Token);
            }
            catch (OperationCanceledException e)
            {
                _context.Log.NoAnswer(nameof(AgentCapacityChanged), e);
            }
        }

        _context.Watches.Dispose();
        _context.Output.Dispose();
        if (_context.Options.Private)
            _context.Directory.RemoveIfEmpty();
        _context.Directory.Dispose();
        _context.Log.Stopped(_context.Options.Name, left);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    async Task Start(CancellationToken cancellation)
    {
        AgentDirectory.ClearRemoved(_context.Options.Home);
        var taken = _context.Directory.Load();
        ListenFor([AgentId, .. taken.Select(r => r.AgentId)]);
        foreach (var record in taken)
            _runs.Adopt(record);
        if (_context.Options.AdoptsOrphans)
            AdoptOrphans();
        if (_runs.Count > 0)
            await RenewAtStart(cancellation);
        _subscriptions = _offers.Subscribe(_bus, _stopping.Token);
        // An offer that is made before there is somebody to take it is lost for a while.
        _ = Task.WhenAll(_subscriptions.Select(s => s.Established))
            .ContinueWith(_ => _capacityChanged.Pulse(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        await _capacity.Announce(online: true, cancellation);
        _loops = Task.WhenAll(
            Loop("capacity", _capacityChanged, () => _context.Options.AnnounceEvery, AnnounceOnceForMany),
            Loop("leases", _runsChanged, () => _leases.DueIn(_runs), c => _leases.RunWhenDue(_runs, c)),
            _context.Options.KeepRunFiles > TimeSpan.Zero ? Loop("old run files", null, ClearingDue(), Clear) : Task.CompletedTask,
            _context.Options.AdoptsOrphans ? Loop("orphans", null, () => OrphanPeriod, AdoptOrphans) : Task.CompletedTask);
        if (_context.Options.Slots == 0)
            _context.Log.StartedToFinish(_context.Options.Name, AgentId);
        else
            _context.Log.Started(_context.Options.Name, AgentId, string.Join(", ", _context.Options.Queues), _context.Options.Slots);
    }

    static Func<TimeSpan> ClearingDue()
    {
        var isFirst = true;
        return () =>
        {
            var due = isFirst ? FirstClearing : ClearingPeriod;
            isFirst = false;
            return due;
        };
    }

    Task Clear(CancellationToken cancellation)
    {
        var cleared = new OldRunFiles(_context.Options.Home, _context.Options.KeepRunFiles, _context.Time).RunOnce(cancellation);
        if (cleared > 0)
            _context.Log.Cleared(cleared, _context.Options.KeepRunFiles.TotalDays);
        return Task.CompletedTask;
    }

    // Each announcement wakes the scheduler: runs that begin and end together are told of together.
    async Task AnnounceOnceForMany(CancellationToken cancellation)
    {
        await _capacity.Announce(online: true, cancellation);
        await Task.Delay(BetweenAnnouncements, _context.Time, cancellation);
    }

    // Before anything sweeps expired leases in this process: what was away with its agent must not be taken for dead.
    async Task RenewAtStart(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(FarewellTime);
        try
        {
            await _leases.RunOnce(_runs, limit.Token);
        }
        catch (Exception e) when (e is MessagingException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            _context.Log.NoAnswer(nameof(RenewLeases), e);
        }
    }

    Task AdoptOrphans(CancellationToken cancellation)
    {
        var before = _runs.Count;
        AdoptOrphans();
        return _runs.Count > before ? RenewAtStart(cancellation) : Task.CompletedTask;
    }

    void AdoptOrphans()
    {
        foreach (var path in Directory.EnumerateDirectories(AgentDirectory.Root(_context.Options.Home), PrivateQueue.Prefix + "*"))
        {
            if (path == _context.Directory.Path)
                continue;
            var left = AgentDirectory.TakeOver(path, _context.Directory);
            ListenFor(left.Held.Select(r => r.AgentId));
            foreach (var record in left.Held)
                _runs.Adopt(record);
            if (left.NeverTaken.Count > 0)
                _cancellations = Task.WhenAll(_cancellations, Cancel(left.NeverTaken));
        }
    }

    // One that the dead agent had ended is refused: it is ended already.
    async Task Cancel(IReadOnlyList<Guid> runs)
    {
        try
        {
            foreach (var run in runs)
            {
                await _context.Requests.Ask(new CancelRun(run, "its holoflow run was killed before the flow began"), _stopping.Token);
                _context.Directory.ForgetSubmitted(run);
            }
        }
        catch (OperationCanceledException)
        {
            // The note stays for the next one.
        }
    }

    void ListenFor(IEnumerable<string> agentIds)
    {
        foreach (var id in agentIds)
        {
            if (!_controls.ContainsKey(id))
                _controls[id] = _bus.Subscribe<RunControl>(new Subscription($"agent.{RoutingWord.Of(id)}"), Control);
        }
    }

    ValueTask Control(RunControl control, CancellationToken cancellation)
    {
        if (control.Slots is { } slots)
            _runs.GrantSlots(control.RunId, control.Epoch, slots);
        else
            _runs.Want(control.RunId, control.Epoch, control.Wanted, control.Reason);
        return ValueTask.CompletedTask;
    }

    void OnChanged()
    {
        _capacityChanged.Pulse();
        _runsChanged.Pulse();
    }

    async Task Loop(string name, AsyncSignal? wake, Func<TimeSpan> period, Func<CancellationToken, Task> runOnce)
    {
        var stopping = _stopping.Token;
        try
        {
            while (true)
            {
                if (wake is null)
                    await Task.Delay(period(), _context.Time, stopping);
                else
                    await wake.Wait(period(), stopping);
                await Pass(name, runOnce, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    // A loop that ends at a fault leaves an agent that looks alive and does nothing.
    async Task Pass(string name, Func<CancellationToken, Task> runOnce, CancellationToken stopping)
    {
        try
        {
            await runOnce(stopping);
        }
        catch (Exception e) when (e is MessagingException or TimeoutException)
        {
            _context.Log.NoAnswer(name, e);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            _context.Log.LoopFault(e, name);
        }
    }
}
