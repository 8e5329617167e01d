using FsCheck.Fluent;
using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>Whatever is asked in whatever order: the store holds what the pure machine says, and each message may come twice.</summary>
public sealed class MachineAgreementTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly StateStoreOptions Options = new() { ExpiryHoldOff = TimeSpan.Zero };

    enum Step
    {
        Claim,
        ClaimByOther,
        Started,
        GivenBack,
        Completed,
        Failed,
        Crashed,
        Cancelled,
        Cancel,
        Pause,
        Resume,
        Rerun,
        Sweep,
        Wait,
    }

    [Fact]
    public async Task Random_sequences_of_messages_end_where_the_machine_ends()
    {
        var time = new ManualTime(Start);
        await using var store = await StoreUnderTest.Start(Options, time);
        var sequences = Gen.Sample(Gen.ListOf(Gen.Elements(Enum.GetValues<Step>()), 40), 60);
        foreach (var steps in sequences)
            await Compare(store, time, [.. steps]);
    }

    static async Task Compare(StoreUnderTest store, ManualTime time, IReadOnlyList<Step> steps)
    {
        var program = new RunProgram { Path = "/x", Retries = 1, CrashReschedules = 1 };
        var submit = store.NewRun(program: program) with { ExpiresAt = time.GetUtcNow().AddMinutes(10) };
        await store.Ask(submit);
        var now = Microseconds.Cut(time.GetUtcNow());
        var run = FlowRun.Create(submit.RunId, now, now, new RetryPolicy(1, TimeSpan.Zero), new CrashPolicy(1), Microseconds.Cut(submit.ExpiresAt!.Value));
        foreach (var step in steps)
        {
            if (step == Step.Wait)
            {
                time.Advance(TimeSpan.FromSeconds(11));
                continue;
            }

            var offer = Guid.CreateVersion7();
            foreach (var command in Commands(step, run, offer))
                run = FlowRunMachine.Decide(run, command, time.GetUtcNow()) is Decision.Accept accept ? accept.Next : run;
            await Send(store, step, run, submit.RunId, offer);
            await Check(store, run, steps, step);
        }

        await store.Scalar("SELECT 1");
    }

    // The sweep asks in this order; an expired lease of a run in the middle of all others is one decision each.
    static IEnumerable<FlowRunCommand> Commands(Step step, FlowRun run, Guid offer) => step switch
    {
        Step.Claim => [new FlowRunCommand.Claim("agent-1", offer, Options.LeaseDuration)],
        Step.ClaimByOther => [new FlowRunCommand.Claim("agent-2", offer, Options.LeaseDuration)],
        Step.Started => [new FlowRunCommand.Start(run.Epoch)],
        Step.GivenBack => [new FlowRunCommand.GiveBack(run.Epoch, "full")],
        Step.Completed => [new FlowRunCommand.Finish(run.Epoch, RunOutcome.Completed, null, "m")],
        Step.Failed => [new FlowRunCommand.Finish(run.Epoch, RunOutcome.Failed, null, "m")],
        Step.Crashed => [new FlowRunCommand.Finish(run.Epoch, RunOutcome.Crashed, null, "m")],
        Step.Cancelled => [new FlowRunCommand.Finish(run.Epoch, RunOutcome.Cancelled, null, "m")],
        Step.Cancel => [new FlowRunCommand.Cancel("c")],
        Step.Pause => [new FlowRunCommand.Pause("p")],
        Step.Resume => [new FlowRunCommand.Resume()],
        Step.Rerun => [new FlowRunCommand.Rerun("r")],
        Step.Sweep => [new FlowRunCommand.ExpireLease(run.Epoch), new FlowRunCommand.ExpireLate(), new FlowRunCommand.MarkLate(Options.LateGrace)],
        _ => [],
    };

    static async Task Send(StoreUnderTest store, Step step, FlowRun run, Guid id, Guid offer)
    {
        switch (step)
        {
            case Step.Claim or Step.ClaimByOther:
                await store.Ask(new ClaimRun(id, step == Step.Claim ? "agent-1" : "agent-2", offer));
                break;
            case Step.Started or Step.GivenBack or Step.Completed or Step.Failed or Step.Crashed or Step.Cancelled:
                var report = new ReportRun
                {
                    RunId = id,
                    AgentId = "agent-1",
                    Epoch = run.Epoch,
                    Report = Enum.Parse<RunReport>(step.ToString()),
                    Message = step == Step.GivenBack ? "full" : "m",
                };
                await store.Ask(report);
                await store.Ask(report);
                break;
            case Step.Cancel:
                await store.Ask(new CancelRun(id, "c"));
                await store.Ask(new CancelRun(id, "c"));
                break;
            case Step.Pause:
                await store.Ask(new PauseRun(id, "p"));
                await store.Ask(new PauseRun(id, "p"));
                break;
            case Step.Resume:
                await store.Ask(new ResumeRun(id));
                await store.Ask(new ResumeRun(id));
                break;
            case Step.Rerun:
                await store.Ask(new RerunRun(id, "r"));
                await store.Ask(new RerunRun(id, "r"));
                break;
            case Step.Sweep:
                await store.Ask(new SweepRuns());
                await store.Ask(new SweepRuns());
                break;
        }
    }

    static async Task Check(StoreUnderTest store, FlowRun run, IReadOnlyList<Step> steps, Step step)
    {
        var stored = await store.Writer.Write(session => Holoflow.StateStore.Runs.FlowRunTable.Load(session, run.Id)!.Run, TestContext.Current.CancellationToken);
        Assert.True(stored == run, $"after {step} of {string.Join(' ', steps)}:\nthe store holds {stored}\nthe machine says {run}");
        var history = await store.Writer.Write(
            session => session.Number("SELECT COUNT(*) FROM flow_run_states WHERE run_id = $1", run.Id), TestContext.Current.CancellationToken);
        Assert.Equal(run.Version, history);
    }
}
