using FsCheck;
using FsCheck.Fluent;
using Holoflow.Domain.Concurrency;

namespace Holoflow.Domain.Tests.Concurrency;

public sealed class ConcurrencyLimitTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    static readonly Arbitrary<(int Holder, int Count, int Seconds, bool Release)[]> Requests = Arb.From(Gen.ArrayOf(
        from holder in Gen.Choose(0, 5)
        from count in Gen.Choose(1, 3)
        from seconds in Gen.Choose(0, 20)
        from release in Gen.Elements(true, false, false)
        select (holder, count, seconds, release)));

    [Fact]
    public void No_more_slots_are_ever_held_than_the_limit_allows() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Requests, requests => Walk(requests, 4).All(s => s.Held.Where(h => h.ExpiresAt > s.Now).Sum(h => h.Count) <= 4)));

    [Fact]
    public void A_dead_holders_slots_come_back_by_expiry()
    {
        var held = ((SlotDecision.Granted)ConcurrencyLimit.Acquire([], 1, "dead", 1, Start, Duration)).Held;
        var full = Assert.IsType<SlotDecision.Full>(ConcurrencyLimit.Acquire(held, 1, "next", 1, Start.AddSeconds(14), Duration));
        Assert.Equal((1, Start.AddSeconds(15)), (full.InUse, full.FirstExpiry));
        Assert.IsType<SlotDecision.Granted>(ConcurrencyLimit.Acquire(held, 1, "next", 1, Start.AddSeconds(15), Duration));
    }

    [Fact]
    public void A_repeat_by_the_same_holder_takes_no_second_slot()
    {
        var first = ((SlotDecision.Granted)ConcurrencyLimit.Acquire([], 1, "me", 1, Start, Duration)).Held;
        var second = Assert.IsType<SlotDecision.Granted>(ConcurrencyLimit.Acquire(first, 1, "me", 1, Start, Duration)).Held;
        Assert.Equal(first, second);
    }

    [Fact]
    public void Released_slots_are_free_at_once() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Requests, requests => Walk(requests, 4).All(s =>
            ConcurrencyLimit.Release(s.Held, "0", s.Now) is var left && left.All(h => h.Holder != "0") && left.Sum(h => h.Count) <= s.Held.Sum(h => h.Count))));

    static IEnumerable<(IReadOnlyList<Slot> Held, DateTimeOffset Now)> Walk((int Holder, int Count, int Seconds, bool Release)[] requests, int limit)
    {
        IReadOnlyList<Slot> held = [];
        var now = Start;
        foreach (var (holder, count, seconds, release) in requests)
        {
            now += TimeSpan.FromSeconds(seconds);
            if (release)
                held = ConcurrencyLimit.Release(held, holder.ToString(), now);
            else if (ConcurrencyLimit.Acquire(held, limit, holder.ToString(), count, now, Duration) is SlotDecision.Granted granted)
                held = granted.Held;
            yield return (held, now);
        }
    }
}
