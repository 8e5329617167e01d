using FsCheck.Fluent;
using Holoflow.Domain.Notifications;

namespace Holoflow.Domain.Tests.Notifications;

/// <summary>Who is told of what, and how often it is tried.</summary>
public sealed class NotificationTests
{
    static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Failed", "Failed", "Failed", true)]
    [InlineData("failed", "Failed", "TimedOut", true)]
    [InlineData("TimedOut", "Failed", "TimedOut", true)]
    [InlineData("Crashed", "Failed", "Failed", false)]
    public void A_state_is_named_by_its_type_or_its_name(string wanted, string type, string name, bool matches) =>
        Assert.Equal(matches, new NotificationRule([wanted], [], [], null).Matches(new RunInState("f", [], type, name, Begin), Begin));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("holography", "", true)]
    [InlineData("other,holography", "night", true)]
    [InlineData("other", "", false)]
    [InlineData("Holography", "", false)]
    [InlineData("", "night,gpu", true)]
    [InlineData("", "night,day", false)]
    public void Any_flow_and_all_tags(string flows, string tags, bool matches) =>
        Assert.Equal(matches, new NotificationRule(["Failed"], Words(flows), Words(tags), null).Matches(new RunInState("holography", ["night", "gpu"], "Failed", "Failed", Begin), Begin));

    [Theory]
    [InlineData(0, false)]
    [InlineData(7199, false)]
    [InlineData(7200, true)]
    [InlineData(100_000, true)]
    public void A_state_that_lasts_is_told_of_when_it_has_lasted(int seconds, bool matches)
    {
        var (rule, run) = (new NotificationRule(["Running"], [], [], TimeSpan.FromHours(2)), new RunInState("f", [], "Running", "Running", Begin));
        Assert.Equal(matches, rule.Matches(run, Begin.AddSeconds(seconds)));
        Assert.Equal(Begin.AddHours(2), rule.TellsAt(run));
        Assert.Null(rule.TellsAt(run with { StateType = "Paused", StateName = "Paused" }));
    }

    [Fact]
    public void A_delivery_that_fails_is_tried_ever_more_rarely_for_a_day_and_no_longer()
    {
        foreach (var took in Gen.Sample(Gen.ListOf(Gen.Choose(0, 40), 60), 50))
        {
            var (now, attempts, before) = (Begin, 0, TimeSpan.Zero);
            while (true)
            {
                now += TimeSpan.FromSeconds(took[attempts % took.Count]);
                if (DeliveryPlan.After(++attempts, Begin, new DeliveryOutcome.Failed("away"), now) is not DeliveryDecision.TryAgain again)
                    break;
                var pause = again.At - now;
                Assert.True(pause >= before && pause >= DeliveryPlan.FirstPause && pause <= DeliveryPlan.LongestPause);
                Assert.True(again.At - Begin <= DeliveryPlan.GivenUpAfter);
                (now, before) = (again.At, pause);
            }

            Assert.InRange(now - Begin, DeliveryPlan.GivenUpAfter - DeliveryPlan.LongestPause - TimeSpan.FromMinutes(2), DeliveryPlan.GivenUpAfter + TimeSpan.FromMinutes(1));
            Assert.InRange(attempts, 20, 60);
            var end = Assert.IsType<DeliveryDecision.GiveUp>(DeliveryPlan.After(attempts, Begin, new DeliveryOutcome.Failed("away"), now));
            Assert.Equal($"away; given up after {attempts} attempts", end.Reason);
        }
    }

    [Fact]
    public void What_arrived_or_was_refused_is_not_tried_again()
    {
        Assert.IsType<DeliveryDecision.Done>(DeliveryPlan.After(1, Begin, new DeliveryOutcome.Delivered(), Begin));
        Assert.Equal("gone", Assert.IsType<DeliveryDecision.GiveUp>(DeliveryPlan.After(1, Begin, new DeliveryOutcome.Refused("gone"), Begin)).Reason);
        Assert.Throws<ArgumentOutOfRangeException>(() => DeliveryPlan.After(0, Begin, new DeliveryOutcome.Delivered(), Begin));
    }

    static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
