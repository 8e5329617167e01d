using Holoflow.Agent.State;
using Holoflow.Contracts;

namespace Holoflow.Agent.Runs;

/// <summary>The runs that the agent holds, and its slots.</summary>
/// <param name="context">The agent's parts.</param>
/// <param name="isHeld">Asks the state store whether a run is held still.</param>
/// <param name="changed">Called when a slot was taken or freed.</param>
/// <param name="stopping">The agent stops; the runs go on without it.</param>
sealed class HeldRuns(AgentContext context, Func<HeldRunRecord, CancellationToken, Task<bool>> isHeld, Action changed, CancellationToken stopping)
{
    /// <summary>How long nothing is taken after this machine could not start a run.</summary>
    static readonly TimeSpan TroubleTime = TimeSpan.FromSeconds(30);

    /// <summary>After a fault of the agent itself, before the run is taken up again.</summary>
    static readonly TimeSpan FaultDelay = TimeSpan.FromSeconds(5);

    readonly Lock _lock = new();
    readonly Dictionary<string, (CarriedRun Run, Task Carried)> _runs = new(StringComparer.Ordinal);
    int _reserved;
    long? _troubleSince;
    bool _isClosed;

    /// <summary>Slots that an offer may be taken for.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_lock)
                return Free();
        }
    }

    public IReadOnlyList<HeldRunRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _runs.Values.Select(r => r.Run.Record)];
        }
    }

    /// <summary>True where a flow waits for a slot of a concurrency limit.</summary>
    public bool WaitsForSlots
    {
        get
        {
            lock (_lock)
                return _runs.Values.Any(r => r.Run.Slots.Waits);
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _runs.Count;
        }
    }

    /// <summary>Keeps a slot for a run that is being claimed.</summary>
    public bool TryReserve()
    {
        lock (_lock)
        {
            if (Free() == 0)
                return false;
            _reserved++;
            return true;
        }
    }

    /// <summary>The claim was refused.</summary>
    public void Release()
    {
        lock (_lock)
            _reserved--;
        changed();
    }

    /// <summary>The claim was granted: the reserved slot is the run's.</summary>
    public void Launch(HeldRunRecord record, GrantedRun run) => Add(record, run, reserved: true);

    public void Adopt(HeldRunRecord record) => Add(record, null, reserved: false);

    public void Want(Guid runId, long epoch, WantedOfRun wanted, string? reason) => Find(runId, epoch)?.Want(wanted, reason);

    public void GrantSlots(Guid runId, long epoch, IReadOnlyList<Guid> requests) => Find(runId, epoch)?.Slots.Grant(requests);

    /// <summary>Tells all runs what has a concurrency limit now.</summary>
    public void SetLimited(IReadOnlyList<string> names)
    {
        lock (_lock)
            foreach (var (run, _) in _runs.Values)
                run.Slots.SetLimited(names);
    }

    public void Fence(Guid runId, long epoch, string reason) => Find(runId, epoch)?.Fence(reason);

    /// <summary>Kills the processes of all runs.</summary>
    public void Kill()
    {
        lock (_lock)
            foreach (var (run, _) in _runs.Values)
                run.Kill();
    }

    /// <summary>Takes no more runs.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
        changed();
    }

    /// <summary>Ends when no run is held any more.</summary>
    public async Task Drained()
    {
        while (true)
        {
            Task[] carried;
            lock (_lock)
                carried = [.. _runs.Values.Select(r => r.Carried)];
            if (carried.Length == 0)
                return;
            await Task.WhenAll(carried);
        }
    }

    int Free() => _isClosed || InTrouble() ? 0 : Math.Max(0, context.Options.Slots - _runs.Count - _reserved);

    bool InTrouble()
    {
        if (_troubleSince is { } since && context.Time.GetElapsedTime(since) >= TroubleTime)
            _troubleSince = null;
        return _troubleSince is not null;
    }

    CarriedRun? Find(Guid runId, long epoch)
    {
        lock (_lock)
            return _runs.Values.Select(r => r.Run).FirstOrDefault(r => r.Record.RunId == runId && r.Record.Epoch == epoch);
    }

    void Add(HeldRunRecord record, GrantedRun? fresh, bool reserved)
    {
        var run = new CarriedRun(record, context, isHeld, fresh, changed);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (reserved)
                _reserved--;
            // Held already: an answer that came twice.
            if (_runs.TryAdd(record.Key, (run, Carry(run, fresh, begin.Task))))
                begin.SetResult();
            else
                run.Dispose();
        }

        changed();
    }

    async Task Carry(CarriedRun run, GrantedRun? fresh, Task begin)
    {
        await begin;
        try
        {
            await CarryThroughFaults(run, fresh);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Its process goes on; its record lets the next start take it up.
        }

        lock (_lock)
            _runs.Remove(run.Record.Key);
        run.Dispose();
        changed();
    }

    async Task CarryThroughFaults(CarriedRun run, GrantedRun? fresh)
    {
        while (true)
        {
            try
            {
                if (!await run.Carry(fresh, stopping))
                {
                    lock (_lock)
                        _troubleSince = context.Time.GetTimestamp();
                }

                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                context.Log.RunFault(e, run.Record.RunId);
            }

            fresh = null;
            await Task.Delay(FaultDelay, context.Time, stopping);
        }
    }
}
