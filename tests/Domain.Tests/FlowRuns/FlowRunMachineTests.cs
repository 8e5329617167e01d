using Holoflow.Domain.FlowRuns;
using static Holoflow.Domain.FlowRuns.RunStateType;

namespace Holoflow.Domain.Tests.FlowRuns;

public sealed class FlowRunMachineTests
{
    static readonly DateTimeOffset Now = FlowRunSamples.Now;

    [Fact]
    public void A_run_that_is_not_due_is_refused_with_its_time()
    {
        var run = FlowRun.Create(Guid.Empty, Now, Now.AddMinutes(5));
        var refuse = Assert.IsType<Decision.Refuse>(FlowRunMachine.Decide(run, new FlowRunCommand.Claim("a", Guid.Empty, TimeSpan.FromSeconds(15)), Now));
        Assert.Contains("2026-03-01T03:05", refuse.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_run_waits_its_delay_and_then_is_retried()
    {
        var again = Accept(FlowRunSamples.Run(Running, retries: 1), new FlowRunCommand.Finish(1, RunOutcome.Failed, null, "no flux"));
        Assert.Equal((Scheduled, StateNames.AwaitingRetry, Now.AddSeconds(10)), (again.State.Type, again.State.Name, again.DueAt));
        var claimed = Decide(again, new FlowRunCommand.Claim("a", Guid.Empty, TimeSpan.FromSeconds(15)), Now.AddSeconds(10));
        var started = Decide(claimed, new FlowRunCommand.Start(2), Now.AddSeconds(10));
        Assert.Equal((Running, StateNames.Retrying, 2), (started.State.Type, started.State.Name, started.RunCount));
        var ended = Decide(started, new FlowRunCommand.Finish(2, RunOutcome.Failed), Now.AddSeconds(11));
        Assert.Equal(Failed, ended.State.Type);
    }

    [Fact]
    public void A_run_whose_agent_is_gone_is_crashed_with_the_agents_name()
    {
        var crashed = Accept(FlowRunSamples.Run(Running), new FlowRunCommand.ExpireLease(1));
        Assert.Equal(Crashed, crashed.State.Type);
        Assert.Contains("agent-1", crashed.State.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_claimed_and_never_started_goes_back_and_costs_no_retry()
    {
        var back = Accept(FlowRunSamples.Run(Pending), new FlowRunCommand.ExpireLease(1));
        Assert.Equal((Scheduled, 0, 0), (back.State.Type, back.RetriesUsed, back.CrashesUsed));
    }

    [Fact]
    public void A_cancellation_is_shown_only_when_the_agent_confirms_it()
    {
        var decision = Assert.IsType<Decision.Accept>(FlowRunMachine.Decide(FlowRunSamples.Run(Running), new FlowRunCommand.Cancel("enough"), Now));
        Assert.Equal(Cancelling, decision.Next.State.Type);
        Assert.Equal(new FlowRunEffect.TellAgentToCancel("agent-1", 1), Assert.Single(decision.Effects));
        Assert.Equal((Cancelled, "enough"), Accept(decision.Next, new FlowRunCommand.Finish(1, RunOutcome.Crashed)) is var end ? (end.State.Type, end.State.Message) : default);
        Assert.Equal(Crashed, Accept(decision.Next, new FlowRunCommand.ExpireLease(1)).State.Type);
    }

    [Fact]
    public void A_person_who_retries_gives_the_run_its_automatic_retries_back()
    {
        var again = Accept(FlowRunSamples.Run(Failed) with { RetriesUsed = 2, CrashesUsed = 1 }, new FlowRunCommand.Rerun(null));
        Assert.Equal((Scheduled, 0, 0), (again.State.Type, again.RetriesUsed, again.CrashesUsed));
    }

    [Fact]
    public void A_clock_that_steps_back_neither_expires_nor_shortens_a_lease()
    {
        var lease = new Leases.Lease("a", Guid.Empty, 1, Now.AddSeconds(15));
        Assert.Equal(lease, lease.Renew(Now.AddHours(-1), TimeSpan.FromSeconds(15)));
        Assert.False(lease.Renew(Now.AddSeconds(10), TimeSpan.FromSeconds(15)).IsExpired(Now.AddSeconds(24)));
    }

    static FlowRun Accept(FlowRun run, FlowRunCommand command) => Decide(run, command, Now);

    static FlowRun Decide(FlowRun run, FlowRunCommand command, DateTimeOffset now) => Assert.IsType<Decision.Accept>(FlowRunMachine.Decide(run, command, now)).Next;
}
