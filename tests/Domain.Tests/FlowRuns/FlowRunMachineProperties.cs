using FsCheck;
using FsCheck.Fluent;
using Holoflow.Domain.FlowRuns;
using static Holoflow.Domain.FlowRuns.RunStateType;

namespace Holoflow.Domain.Tests.FlowRuns;

/// <summary>What holds after any sequence of commands, in any order, repeated and late, with a clock that may stand or step.</summary>
public sealed class FlowRunMachineProperties
{
    static readonly Gen<(FlowRunCommand Command, int Seconds)> Step =
        from command in Gen.OneOf(
            Gen.Elements(FlowRunSamples.Commands().Select(c => c.Command).ToArray()),
            from epoch in Gen.Choose(0, 6)
            from outcome in Gen.Elements(Enum.GetValues<RunOutcome>())
            from kind in Gen.Choose(0, 3)
            select kind switch
            {
                0 => (FlowRunCommand)new FlowRunCommand.Start(epoch),
                1 => new FlowRunCommand.GiveBack(epoch, "could not launch"),
                2 => new FlowRunCommand.Finish(epoch, outcome),
                _ => new FlowRunCommand.ExpireLease(epoch),
            })
        from seconds in Gen.Choose(-5, 30)
        select (command, seconds);

    static readonly Arbitrary<(FlowRun Start, (FlowRunCommand Command, int Seconds)[] Steps)> Histories = Arb.From(
        from retries in Gen.Choose(0, 2)
        from reschedules in Gen.Choose(0, 2)
        from expires in Gen.Elements(new DateTimeOffset?[] { null, FlowRunSamples.Now.AddMinutes(1) })
        from steps in Gen.ArrayOf(Step)
        select (FlowRun.Create(Guid.Empty, FlowRunSamples.Now, FlowRunSamples.Now, new RetryPolicy(retries, TimeSpan.FromSeconds(5)), new CrashPolicy(reschedules), expires), steps));

    [Fact]
    public void An_agent_holds_a_run_exactly_while_it_is_between_claim_and_end() =>
        Holds((_, next, _) => next.State.Type switch
        {
            Pending or Running or Cancelling => next.Lease is not null,
            Paused => true,
            _ => next.Lease is null,
        });

    [Fact]
    public void Versions_count_every_change_and_nothing_else() => Holds((before, after, _) => after.Version == before.Version + 1);

    [Fact]
    public void Epochs_never_fall_and_rise_only_by_claims() =>
        Holds((before, after, command) => after.Epoch == before.Epoch + (command is FlowRunCommand.Claim ? 1 : 0));

    [Fact]
    public void What_has_ended_starts_again_only_when_a_person_asks() =>
        Holds((before, _, command) => !before.State.Type.IsFinal() || (command is FlowRunCommand.Rerun && before.State.Type != Completed));

    [Fact]
    public void An_older_epoch_changes_nothing() =>
        Holds((before, _, command) => command switch
        {
            FlowRunCommand.Start s => s.Epoch == before.Epoch,
            FlowRunCommand.GiveBack g => g.Epoch == before.Epoch,
            FlowRunCommand.Finish f => f.Epoch == before.Epoch,
            FlowRunCommand.ExpireLease e => e.Epoch == before.Epoch,
            _ => true,
        });

    [Fact]
    public void Automatic_retries_and_reschedules_stay_within_their_policies() =>
        Holds((_, after, _) => after.RetriesUsed <= after.Retry.MaxRetries && after.CrashesUsed <= after.OnCrash.MaxReschedules);

    [Fact]
    public void A_cancelled_run_never_runs_again_by_itself() =>
        Holds((before, after, command) => before.State.Type != Cancelling || after.State.Type.IsFinal() || command is FlowRunCommand.Rerun);

    [Fact]
    public void Whoever_loses_the_lease_gives_back_its_slots_and_ends_its_children() =>
        HoldsWithEffects((before, after, effects) =>
            (before.Lease is not null && after.Lease is null) == effects.OfType<FlowRunEffect.ReleaseSlots>().Any()
            && effects.OfType<FlowRunEffect.EndOpenChildren>().Any() == effects.OfType<FlowRunEffect.ReleaseSlots>().Any());

    [Fact]
    public void A_repeat_of_an_accepted_report_changes_nothing() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Histories, history => Walk(history).All(step =>
            step.Command is not (FlowRunCommand.Start or FlowRunCommand.Finish or FlowRunCommand.GiveBack or FlowRunCommand.ExpireLease)
            || FlowRunMachine.Decide(step.Accept.Next, step.Command, step.Now) is not Decision.Accept)));

    static void Holds(Func<FlowRun, FlowRun, FlowRunCommand, bool> holds) =>
        Check.QuickThrowOnFailure(Prop.ForAll(Histories, history => Walk(history).All(step => holds(step.Before, step.Accept.Next, step.Command))));

    static void HoldsWithEffects(Func<FlowRun, FlowRun, IReadOnlyList<FlowRunEffect>, bool> holds) =>
        Check.QuickThrowOnFailure(Prop.ForAll(Histories, history => Walk(history).All(step => holds(step.Before, step.Accept.Next, step.Accept.Effects))));

    static IEnumerable<(FlowRun Before, FlowRunCommand Command, DateTimeOffset Now, Decision.Accept Accept)> Walk((FlowRun Start, (FlowRunCommand Command, int Seconds)[] Steps) history)
    {
        var (run, now) = (history.Start, FlowRunSamples.Now);
        foreach (var (command, seconds) in history.Steps)
        {
            now += TimeSpan.FromSeconds(seconds);
            if (FlowRunMachine.Decide(run, command, now) is not Decision.Accept accept)
                continue;
            yield return (run, command, now, accept);
            run = accept.Next;
        }
    }
}
