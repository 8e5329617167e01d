using Holoflow.Contracts;
using Holoflow.Domain.Concurrency;
using Holoflow.Outbox;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Slots;

/// <summary>
/// Changes of slots in one transaction: what is asked for and given back, and at its end who of those that wait gets what came free; their agents are
/// told by the outbox of the same transaction. Slots of a run and its tasks are leases by way of the run's: whatever ends that, gives them back.
/// </summary>
sealed class SlotChange(WriteSession session, OutboxRelay outbox, DateTimeOffset now)
{
    readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    readonly HashSet<string> _released = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _free = new(StringComparer.Ordinal);
    readonly List<(Guid Run, Guid Request)> _granted = [];
    readonly Dictionary<Guid, HashSet<string>> _ofRuns = [];
    Dictionary<string, int>? _limits;
    int _asked;

    Dictionary<string, int> Limits => _limits ??= SlotTable.LockLimits(session);

    /// <summary>One of the run's tasks, or its flow, wants one slot of each limit. A slot that the run holds by its own tags covers its tasks.</summary>
    public void Ask(FlowRunRecord run, Guid request, Guid? task, IReadOnlyList<string> names)
    {
        // Without a lease there is nothing that would give it back.
        if (run.Run.Lease is null)
            return;
        if (!_ofRuns.TryGetValue(run.Run.Id, out var own))
            _ofRuns.Add(run.Run.Id, own = run.UsesSlots ? SlotTable.NamesOf(session, run.Run.Id) : []);
        var at = now.AddMicroseconds(_asked++);
        var limited = names.Where(name => Limits.ContainsKey(name) && !own.Contains(name)).Distinct(StringComparer.Ordinal).ToList();
        SlotTable.Insert(session, request, run.Run.Id, task, names, at);
        SlotTable.MarkRun(session, run.Run.Id);
        foreach (var name in limited)
            SlotTable.Wait(session, name, at, request);
        _touched.UnionWith(limited);
        if (limited.Count == 0)
            Grant(run.Run.Id, request, []);
    }

    /// <summary>A request gives its slots back, or waits no longer.</summary>
    public void GiveBack(Guid request) => Released(() => SlotTable.Forget(session, request));

    /// <summary>The lease of a run has ended.</summary>
    public void GiveBackAll(Guid run) => Released(() => SlotTable.ForgetRun(session, run));

    /// <summary>The limit is another one.</summary>
    public void Changed(string name) => _touched.Add(name);

    /// <summary>What the request waited for has one limit less.</summary>
    public void Reconsider(Guid request)
    {
        _limits = null;
        TryGrant(request);
    }

    /// <summary>Gives what is free to those that are next, and tells of it.</summary>
    public void Finish()
    {
        foreach (var name in _touched.Where(name => Limits.ContainsKey(name)).Order(StringComparer.Ordinal))
        {
            if (Free(name) is > 0 and var free)
                SlotTable.FirstWaiting(session, name, free).ForEach(request => TryGrant(request));
        }

        foreach (var run in _granted.GroupBy(g => g.Run, g => g.Request))
        {
            if (SlotTable.AgentOf(session, run.Key) is var (agent, epoch))
                outbox.Add(session, new RunControl(agent, run.Key, epoch, WantedOfRun.Run, null) { Slots = [.. run] });
        }

        // Runs wait in the scheduler, not here.
        foreach (var name in _released.Where(name => Limits.ContainsKey(name) && Free(name) > 0).Order(StringComparer.Ordinal))
            outbox.Add(session, new DefinitionChanged(DefinitionChanged.ConcurrencySlot, null, name, 0));
    }

    void Released(Func<HashSet<string>> forget)
    {
        // Locked first: nobody gives a slot to one that goes.
        _ = Limits;
        var names = forget();
        _touched.UnionWith(names);
        _released.UnionWith(names);
    }

    void TryGrant(Guid request)
    {
        var waits = SlotTable.Waits(session, request);
        if (SlotTable.Run(session, request) is { } run && ConcurrencyLimit.IsNext(waits.Select(w => (Free(w.Name), SlotTable.CountBefore(session, w.Name, w.Since, request)))))
            Grant(run, request, waits.ConvertAll(w => w.Name));
    }

    void Grant(Guid run, Guid request, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
            SlotTable.EndWait(session, request);
        foreach (var name in names)
        {
            SlotTable.TakeSlot(session, name, request, run);
            _free[name] = Free(name) - 1;
        }

        SlotTable.Granted(session, request, now);
        _granted.Add((run, request));
    }

    int Free(string name)
    {
        if (!_free.TryGetValue(name, out var free))
            _free.Add(name, free = Limits[name] - SlotTable.CountInUse(session, name));
        return free;
    }
}
