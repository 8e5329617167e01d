using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Agent.Runs;

/// <summary>Renews the leases of all runs in batches, and hears what became of them meanwhile.</summary>
sealed class LeaseRenewal(IMessageBus bus, AgentContext context)
{
    static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    /// <summary>After a renewal that was not answered.</summary>
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// While a flow of a private agent waits for a slot: no other process of the state directory reaches this one by a message, and one that gives a
    /// slot back can only leave it in the database.
    /// </summary>
    static readonly TimeSpan SlotPeriod = TimeSpan.FromSeconds(1);

    double? _leaseSeconds;
    long _renewedAt = context.Time.GetTimestamp();

    /// <summary>Until the next renewal: a third of the shortest lease after the last, so that two may be lost.</summary>
    public TimeSpan DueIn(HeldRuns runs)
    {
        var period = Period(runs.Records);
        if (context.Options.Private && period > SlotPeriod && runs.WaitsForSlots)
            period = SlotPeriod;
        var left = period - context.Time.GetElapsedTime(_renewedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>One pass, where it is due.</summary>
    /// <exception cref="MessagingException">No server answers: the next pass may do better.</exception>
    /// <exception cref="TimeoutException">The same.</exception>
    public async Task RunWhenDue(HeldRuns runs, CancellationToken cancellation)
    {
        if (DueIn(runs) > TimeSpan.Zero)
            return;
        try
        {
            await RunOnce(runs, cancellation);
            _renewedAt = context.Time.GetTimestamp();
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(RetryDelay, context.Time, cancellation);
            throw;
        }
    }

    /// <summary>One pass; returns how many runs are held still.</summary>
    /// <exception cref="MessagingException">No server answers: the next pass may do better.</exception>
    /// <exception cref="TimeoutException">The same.</exception>
    public async Task<int> RunOnce(HeldRuns runs, CancellationToken cancellation)
    {
        var held = 0;
        // Runs that were adopted from another agent are renewed in its name.
        foreach (var agent in runs.Records.GroupBy(r => r.AgentId, StringComparer.Ordinal))
        {
            var answer = await Renew(agent.Key, [.. agent], cancellation);
            foreach (var run in answer.Runs)
            {
                if (run.Held)
                    runs.Want(run.RunId, run.Epoch, run.Wanted, null);
                else
                    runs.Fence(run.RunId, run.Epoch, $"epoch {run.Epoch} is no longer held");
                held += run.Held ? 1 : 0;
            }

            // What a lost message told, and limits that came or went.
            foreach (var run in (answer.Slots ?? []).GroupBy(s => s.RunId, s => s.Request))
            {
                if (answer.Runs.FirstOrDefault(r => r.RunId == run.Key && r.Held) is { Held: true } renewed)
                    runs.GrantSlots(run.Key, renewed.Epoch, [.. run]);
            }

            if (answer.Limited is { } limited)
                runs.SetLimited(limited);
        }

        return held;
    }

    /// <summary>Asks for one run.</summary>
    public async Task<bool> IsHeld(HeldRuns runs, HeldRunRecord record, CancellationToken cancellation)
    {
        var answer = await context.Requests.Ask(new RenewLeases(record.AgentId, [new HeldRun(record.RunId, record.Epoch)]), cancellation);
        var isHeld = answer.Runs.Any(r => r.RunId == record.RunId && r.Epoch == record.Epoch && r.Held);
        if (!isHeld)
            runs.Fence(record.RunId, record.Epoch, $"epoch {record.Epoch} is no longer held");
        return isHeld;
    }

    async Task<LeasesRenewed> Renew(string agentId, IReadOnlyList<HeldRunRecord> records, CancellationToken cancellation)
    {
        // An answer that is lost must leave time for another try.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Period(records));
        try
        {
            var answer = await bus.Request(new RenewLeases(agentId, [.. records.Select(r => new HeldRun(r.RunId, r.Epoch))]), limit.Token);
            if (answer.LeaseSeconds > 0)
                _leaseSeconds = answer.LeaseSeconds;
            return answer;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Period(records).TotalSeconds:0.#} s", e);
        }
    }

    TimeSpan Period(IReadOnlyList<HeldRunRecord> records) =>
        TimeSpan.FromSeconds((_leaseSeconds ?? (records.Count > 0 ? records.Min(r => r.LeaseSeconds) : DefaultLease.TotalSeconds)) / 3);
}
