using Holoflow.Agent.Follow;
using Holoflow.Agent.Launch;
using Holoflow.Agent.Runs;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.RunProtocol;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;

namespace Holoflow.Agent.Jobs;

/// <summary>Attempts as Slurm jobs, one each, as a cluster profile says. The run directory lies on a file system that the nodes share.</summary>
sealed class JobInfrastructure(AgentContext context, ClusterLink link) : IInfrastructure
{
    /// <summary>From a queue that gave no answer to the next question.</summary>
    static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    public IAttempt Begin(GrantedRun run, HeldRunRecord record, AsyncSignal wake, string? traceParent)
    {
        var plan = LaunchPlan.Of(run, new RunDirectory(record.RunDirectory), context.Options, traceParent);
        return new JobAttempt(record, context, link, wake, new JobRequest(run, plan));
    }

    public async Task<IAttempt?> Find(HeldRunRecord record, AsyncSignal wake, CancellationToken cancellation)
    {
        var key = KeyOf(record);
        var directory = new JobDirectory(new RunDirectory(record.RunDirectory).Job(record.Epoch));
        for (var isFirst = true; directory.WasSubmitted; isFirst = false)
        {
            var found = await link.Submitter.Search(key, directory, cancellation);
            if (found is SubmitOutcome.Accepted { JobId: > 0 } accepted)
                return new JobAttempt(record, context, link, wake, accepted.JobId);
            if (found is not SubmitOutcome.Unknown unknown)
                break;
            if (isFirst)
                context.Log.JobNotFoundYet(record.RunId, unknown.Message);
            await wake.Wait(AgainAfter, cancellation);
        }

        // One that sbatch has under way all the same finds its work taken.
        return directory.TryClose() || directory.Claimant is not { } job ? null : new JobAttempt(record, context, link, wake, job);
    }

    /// <summary>The name of an attempt's job.</summary>
    public static JobKey KeyOf(HeldRunRecord record) => JobKey.Of(record.RunId, $"{KeyPrefix}{record.Epoch}");

    /// <summary>What the keys of all attempts begin with, after the run's own.</summary>
    public const string KeyPrefix = "flow-";
}

/// <summary>What a new attempt needs to become a job.</summary>
sealed record JobRequest(GrantedRun Run, LaunchPlan Plan)
{
    /// <summary>What of the agent's own environment goes with the job, and what the run adds to it.</summary>
    public IReadOnlyDictionary<string, string?> Environment
    {
        get
        {
            var environment = System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(JobEnvironment.IsSecret).ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal);
            foreach (var (name, value) in Plan.Environment)
                environment[name] = value;
            return environment;
        }
    }
}
