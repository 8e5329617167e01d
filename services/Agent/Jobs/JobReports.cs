using System.Threading.Channels;
using Holoflow.Agent.Runs;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Agent.Jobs;

/// <summary>Tells the state store of the job that a run is: in order, resent until answered. The job itself waits for none of it.</summary>
sealed class JobReports(HeldRunRecord record, AgentContext context)
{
    /// <summary>How long the end of a job waits for the server to have heard of it.</summary>
    static readonly TimeSpan LastTime = TimeSpan.FromSeconds(5);

    readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Slurm has the job.</summary>
    public void Submitted(long job) => Tell(new AllocationReport
    {
        Key = Key, Cluster = record.Cluster!, JobId = job, Phase = AllocationPhase.Waiting, State = nameof(JobFate.Pending), Message = "Slurm has accepted it",
    });

    /// <summary>Something is new of it.</summary>
    public void Heard(FollowedChange change)
    {
        // Where nobody answers, what was known last stays true.
        if (change.Verdict.Fate == JobFate.Unknown)
            return;
        Tell(new AllocationReport
        {
            Key = Key,
            Cluster = record.Cluster!,
            JobId = change.Job.JobId,
            Phase = PhaseOf(change.Verdict),
            State = change.Verdict.Fate.ToString(),
            Message = change.Verdict.Message,
            Node = change.Node.Length > 0 ? change.Node : null,
            ExpectedAt = change.Estimate,
            Partition = change.Partition.Length > 0 ? change.Partition : null,
        });
    }

    /// <summary>Sends what it is told until it is told to end.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            await foreach (var told in _events.Reader.ReadAllAsync(cancellation))
            {
                var answer = await context.Requests.Ask(new ReportTasks(record.RunId, record.AgentId, record.Epoch, [told]), cancellation);
                if (answer.Outcome is CommandOutcome.Refused or CommandOutcome.NotFound)
                    context.Log.BatchRefused(record.RunId, answer.Reason);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent's next start hears of the job again.
        }
    }

    /// <summary>Takes nothing more, and gives what is on its way a moment.</summary>
    public Task End(Task running)
    {
        _events.Writer.TryComplete();
        return Task.WhenAny(running, Task.Delay(LastTime, context.Time, CancellationToken.None));
    }

    string Key => $"{JobInfrastructure.KeyPrefix}{record.Epoch}";

    static AllocationPhase PhaseOf(JobVerdict verdict) =>
        verdict.IsOver ? AllocationPhase.Ended : verdict.Fate is JobFate.Running or JobFate.Suspended or JobFate.Ending ? AllocationPhase.Running : AllocationPhase.Waiting;

    void Tell(AllocationReport report) =>
        _events.Writer.TryWrite(new RunEvent { Sequence = 0, At = context.Time.GetUtcNow(), Kind = RunEventKind.AllocationChanged, Allocation = report });
}
