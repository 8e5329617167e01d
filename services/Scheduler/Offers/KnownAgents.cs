using Holoflow.Contracts;
using Holoflow.ReadModel.Scheduling;

namespace Holoflow.Scheduler.Offers;

/// <summary>What agents told of themselves to this process, and the offers that are under way to them.</summary>
sealed class KnownAgents
{
    /// <summary>
    /// How long an offer that was under way when its agent spoke still has to be taken. Generous: an agent on a machine with much to do that got
    /// each of its offers twice would have twice as much to do.
    /// </summary>
    static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);
    readonly Lock _lock = new();
    readonly Dictionary<string, Announced> _agents = new(StringComparer.Ordinal);
    readonly Dictionary<Guid, UnderWay> _offers = [];

    /// <summary>Remembers an announcement. True where it may let a run start that could not before.</summary>
    public bool Announce(AgentCapacityChanged agent, DateTimeOffset now)
    {
        lock (_lock)
        {
            var before = _agents.GetValueOrDefault(agent.AgentId);
            // A restarted agent counts from 1 again; an old message that comes late is the same agent's, moments ago.
            if (before is not null && agent.Sequence < before.Message.Sequence && now - before.At < TimeSpan.FromSeconds(1))
                return false;
            SettleBy(agent.AgentId, now);
            if (agent.Online)
                _agents[agent.AgentId] = new Announced(agent, now);
            else
                _agents.Remove(agent.AgentId);
            return agent is { Online: true, FreeSlots: > 0 };
        }
    }

    /// <summary>An offer's run was taken: its slot stays kept until the agent tells of itself again.</summary>
    public void Taken(Guid runId)
    {
        lock (_lock)
        {
            if (_offers.TryGetValue(runId, out var offer))
                _offers[runId] = offer with { IsTaken = true };
        }
    }

    /// <summary>A run waits, for the first time or again. An offer of it that nobody has taken yet stays good.</summary>
    public void Waits(Guid runId)
    {
        lock (_lock)
        {
            if (_offers.TryGetValue(runId, out var offer) && offer.IsTaken)
                _offers.Remove(runId);
        }
    }

    /// <summary>
    /// A run has ended. True where a slot is free now: a limit that held others back may let one of them take it. The run's own slot is free when its
    /// agent says so.
    /// </summary>
    public bool Settle(Guid runId)
    {
        lock (_lock)
        {
            _offers.Remove(runId);
            return WithFreeSlots().Count > 0;
        }
    }

    public void Offered(WaitingRun run, string agentId, DateTimeOffset until)
    {
        lock (_lock)
            _offers[run.Id] = new UnderWay(run.Queue, run.Tags, agentId, until, false);
    }

    public bool IsUnderWay(Guid runId)
    {
        lock (_lock)
            return _offers.ContainsKey(runId);
    }

    /// <summary>Offers under way by queue.</summary>
    public Dictionary<string, int> CountUnderWay()
    {
        lock (_lock)
            return _offers.Values.Where(o => !o.IsTaken).GroupBy(o => o.Queue, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
    }

    /// <summary>Offers under way by tag.</summary>
    public Dictionary<string, int> CountUnderWayByTag()
    {
        lock (_lock)
        {
            return _offers.Values.Where(o => !o.IsTaken).SelectMany(o => o.Tags.Distinct(StringComparer.Ordinal)).CountBy(tag => tag, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Value, StringComparer.Ordinal);
        }
    }

    /// <summary>When the first offer under way lapses; its run is then offered again.</summary>
    public DateTimeOffset? FirstLapse()
    {
        lock (_lock)
            return _offers.Count == 0 ? null : _offers.Values.Min(o => o.Until);
    }

    /// <summary>The agents that could take a run now. Lapsed offers and silent agents are forgotten first.</summary>
    public List<AgentSlots> Free(DateTimeOffset now, TimeSpan silence)
    {
        lock (_lock)
        {
            foreach (var lapsed in _offers.Where(o => o.Value.Until <= now).Select(o => o.Key).ToList())
                _offers.Remove(lapsed);
            foreach (var silent in _agents.Where(a => now - a.Value.At > silence).Select(a => a.Key).ToList())
                _agents.Remove(silent);
            return WithFreeSlots();
        }
    }

    List<AgentSlots> WithFreeSlots()
    {
        var kept = _offers.Values.GroupBy(o => o.AgentId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return
        [
            .. _agents.Values
                .Select(a => new AgentSlots(a.Message.AgentId, a.Message.Queues, a.Message.Tags, a.Message.FreeSlots - kept.GetValueOrDefault(a.Message.AgentId)))
                .Where(a => a.FreeSlots > 0),
        ];
    }

    // What the agent says of itself counts the runs it took, and an offer that it let pass is not worth waiting for.
    void SettleBy(string agentId, DateTimeOffset now)
    {
        foreach (var (run, offer) in _offers.Where(o => o.Value.AgentId == agentId).ToList())
        {
            if (offer.IsTaken)
                _offers.Remove(run);
            else if (offer.Until > now + AnswerTime)
                _offers[run] = offer with { Until = now + AnswerTime };
        }
    }

    sealed record Announced(AgentCapacityChanged Message, DateTimeOffset At);

    readonly record struct UnderWay(string Queue, IReadOnlyList<string> Tags, string AgentId, DateTimeOffset Until, bool IsTaken);
}
