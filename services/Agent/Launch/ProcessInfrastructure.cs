using Holoflow.Agent.Follow;
using Holoflow.Agent.Runs;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Launch;

/// <summary>Attempts as processes of this machine, each in a session of its own.</summary>
sealed class ProcessInfrastructure(AgentContext context) : IInfrastructure
{
    public IAttempt Begin(GrantedRun run, HeldRunRecord record, AsyncSignal wake, string? traceParent)
    {
        var directory = new RunDirectory(record.RunDirectory);
        var plan = LaunchPlan.Of(run, directory, context.Options, traceParent);
        RunPreparation.LayOut(run, directory);
        return new Supervision(record, Supervisor.Start(plan, directory, record.Attempt, context.Output), context, wake);
    }

    public async Task<IAttempt?> Find(HeldRunRecord record, AsyncSignal wake, CancellationToken cancellation) =>
        await LaunchedProcess.Find(new RunDirectory(record.RunDirectory), record.Attempt, record.BootId == HeldRunRecord.ThisBoot, context.Time, cancellation) is { } process
            ? new Supervision(record, process, context, wake)
            : null;
}
