using Holoflow.Agent.Runs;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Offers;

/// <summary>Takes offers of the agent's queues while there is a free slot, and claims their runs.</summary>
sealed class OfferTaker(AgentContext context, HeldRuns runs)
{
    /// <summary>From a claim to giving up on its answer: the lease of a claim that was granted unheard ends by itself.</summary>
    static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(60);

    /// <summary>Claims that are asked for at a time: the store commits together what comes together.</summary>
    const int MostClaims = 4;

    /// <summary>Agents of the same queue and tags share one subscription, so that each offer goes to one of them.</summary>
    public IReadOnlyList<ISubscription> Subscribe(IMessageBus bus, CancellationToken stopping)
    {
        if (context.Options.Slots == 0)
            return [];
        var tags = context.Options.Tags;
        return
        [
            .. context.Options.Queues.Distinct(StringComparer.Ordinal).Select(queue => bus.Subscribe<RunOffered>(
                new Subscription(OfferRoute.Pattern(queue, tags), OfferRoute.Queue(queue, tags)) { Ready = () => runs.FreeSlots > 0, Concurrency = Math.Min(context.Options.Slots, MostClaims) },
                (offer, _) => Take(offer, stopping))),
        ];
    }

    // The offer is done with when the claim is answered, long before the run has ended.
    internal async ValueTask Take(RunOffered offer, CancellationToken stopping)
    {
        if (!context.Options.Tags.All(offer.Tags.Contains) || !runs.TryReserve())
            return;
        try
        {
            if (await Claim(offer, stopping) is { } run)
            {
                var record = RecordOf(run);
                context.Directory.Save(record);
                runs.Launch(record, run);
                return;
            }
        }
        catch (IOException e)
        {
            // Nothing was started, and without the record nothing may be: the lease ends by itself.
            context.Log.CannotWrite(context.Directory.Path, e.Message);
        }

        runs.Release();
    }

    async Task<GrantedRun?> Claim(RunOffered offer, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(ClaimTime);
        try
        {
            var answer = await context.Requests.Ask(new ClaimRun(offer.RunId, context.Directory.AgentId, offer.OfferId), limit.Token);
            if (answer is { Granted: true, Run: { } run })
                return run;
            context.Log.ClaimRefused(offer.RunId, answer.Reason);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            context.Log.ClaimRefused(offer.RunId, "the claim was not answered");
        }

        return null;
    }

    HeldRunRecord RecordOf(GrantedRun run) => new()
    {
        RunId = run.RunId,
        RunName = run.RunName,
        FlowName = run.FlowName,
        AgentId = context.Directory.AgentId,
        Epoch = run.Epoch,
        Attempt = run.Attempt,
        LeaseSeconds = run.LeaseSeconds,
        RunDirectory = new RunDirectory(Path.Combine(context.Options.Home, "runs", run.RunId.ToString())).Path,
        TimeoutSeconds = run.Program.TimeoutSeconds,
        Host = Environment.MachineName,
        BootId = HeldRunRecord.ThisBoot,
        GiveBack = !context.Options.Private,
        Cluster = run.Program.Cluster,
    };
}
