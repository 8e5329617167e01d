using Holoflow.RunProtocol;
using Holoflow.Slurm;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Gate;
using Holoflow.Slurm.Profiles;

namespace Holoflow.Sdk.Slurm;

/// <summary>
/// Lets the tasks of a program be executed in Slurm allocations: <c>return await FlowProgram.RunAsync(args, new SlurmTasks());</c>.
/// Nothing changes until a run is given a cluster profile: by <c>--cluster PROFILE</c>, by HOLOFLOW_CLUSTER in its environment, or by its flow.
/// </summary>
public sealed class SlurmTasks : TaskCluster
{
    internal override async Task<IRemoteTasks> Open(RunSession session, string profile, RunLogger log)
    {
        ClusterProfile found;
        try
        {
            found = await ProfileFiles.In(HomeDirectory.Path).Read(profile, session.Cancellation);
        }
        catch (ProfileException e)
        {
            throw new ClusterProfileException($"cluster profile {e.Message}", e);
        }

        var gate = new SlurmGate(new CommandCalls(session.Time), CallBudget.Of(found.CallsPerMinute), session.Time);
        // Where Slurm does not answer now, the jobs wait until it does, and it says no itself.
        if (found.Partition is not null && (await new SlurmSite(gate).Nodes(session.Cancellation)).Value is { Count: > 0 } nodes && found.UnknownPartition(nodes) is { } unknown)
            throw new ClusterProfileException($"cluster profile '{found.Name}': {unknown}");
        return await ClusterRun.Open(session, found, gate, log.Named("cluster"));
    }
}
