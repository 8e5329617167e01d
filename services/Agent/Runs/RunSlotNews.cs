using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Runs;

/// <summary>Tells a flow process which of its requests for slots were granted, and what has a limit; each once, though the agent hears it more often.</summary>
/// <param name="record">The run.</param>
/// <param name="limited">What the flow process was told at its start; null: nobody knows any more.</param>
/// <param name="context">The agent's parts.</param>
/// <param name="writing">Held by whoever writes into the run's control file.</param>
/// <param name="waits">Called when the flow begins to wait for a slot.</param>
sealed class RunSlotNews(HeldRunRecord record, IReadOnlyList<string>? limited, AgentContext context, Lock writing, Action waits)
{
    readonly HashSet<Guid> _told = [];
    readonly HashSet<Guid> _waiting = [];
    readonly RunDirectory _directory = new(record.RunDirectory);
    IReadOnlyList<string>? _limited = limited;

    /// <summary>True where the flow has asked for slots that it was not told of yet.</summary>
    public bool Waits
    {
        get
        {
            lock (writing)
                return _waiting.Count > 0;
        }
    }

    /// <summary>The store has these entries of the run's journal.</summary>
    public void Shipped(IReadOnlyList<RunEvent> events)
    {
        bool begins;
        lock (writing)
        {
            var waited = _waiting.Count > 0;
            foreach (var entry in events)
            {
                if (entry is { Kind: RunEventKind.SlotsWanted, Subject: { } wanted } && !_told.Contains(wanted))
                    _waiting.Add(wanted);
                else if (entry is { Kind: RunEventKind.SlotsReleased, Subject: { } released })
                    _waiting.Remove(released);
            }

            begins = !waited && _waiting.Count > 0;
        }

        if (begins)
            waits();
    }

    public void Grant(IReadOnlyList<Guid> requests)
    {
        lock (writing)
        {
            var news = requests.Where(request => !_told.Contains(request)).ToList();
            if (news.Count > 0 && Tell(new ControlRequest(ControlKind.SlotsGranted, null, record.Attempt) { Slots = news }))
            {
                _told.UnionWith(news);
                _waiting.ExceptWith(news);
            }
        }
    }

    public void SetLimited(IReadOnlyList<string> names)
    {
        lock (writing)
        {
            if (_limited is { } known && known.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal), StringComparer.Ordinal))
                return;
            if (Tell(new ControlRequest(ControlKind.Limited, null, record.Attempt) { Limited = names }))
                _limited = names;
        }
    }

    bool Tell(ControlRequest request)
    {
        try
        {
            RunControlFile.Append(_directory, request);
            return true;
        }
        catch (IOException e)
        {
            // The next renewal of leases tells it again.
            context.Log.CannotWrite(_directory.Control, e.Message);
            return false;
        }
    }
}
