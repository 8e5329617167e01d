using FsCheck.Fluent;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Gate;

namespace Holoflow.Slurm.Tests.Calls;

public sealed class CallBudgetTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Never_more_calls_than_allowed_in_any_minute_and_a_wait_is_as_long_as_it_must_be() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
            Gen.Choose(4, 40).ToArbitrary(),
            Gen.Choose(0, 20_000).ListOf(200).ToArbitrary(),
            (limit, pauses) =>
            {
                var budget = CallBudget.Of(limit);
                var now = Start;
                var taken = new List<DateTimeOffset>();
                foreach (var (pause, i) in pauses.Select((p, i) => (p, i)))
                {
                    now += TimeSpan.FromMilliseconds(i % 3 == 0 ? pause : 0);
                    var urgency = (CallUrgency)(pause % 3);
                    (budget, var wait) = budget.Take(urgency, now);
                    if (wait > TimeSpan.Zero)
                    {
                        Assert.True(budget.Take(urgency, now + wait - TimeSpan.FromTicks(1)).Wait > TimeSpan.Zero);
                        now += wait;
                        (budget, wait) = budget.Take(urgency, now);
                    }

                    Assert.Equal(TimeSpan.Zero, wait);
                    taken.Add(now);
                    Assert.True(taken.Count(at => at > now - CallBudget.Window) <= limit);
                }
            }));

    [Fact]
    public void Questions_leave_room_for_submitting_and_cancelling()
    {
        var budget = CallBudget.Of(10);
        while (budget.Take(CallUrgency.Status, Start) is (var next, var wait) && wait == TimeSpan.Zero)
            budget = next;
        Assert.Equal(8, budget.Used(Start));
        (budget, var submit) = budget.Take(CallUrgency.Submit, Start);
        (_, var another) = budget.Take(CallUrgency.Submit, Start);
        (budget, var cancel) = budget.Take(CallUrgency.Cancel, Start);
        Assert.Equal((TimeSpan.Zero, CallBudget.Window, TimeSpan.Zero), (submit, another, cancel));
        Assert.Equal(10, budget.Used(Start));
    }
}
