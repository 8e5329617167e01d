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

    static readonly string[] Names = ["gpu", "licence", "telescope"];

    static readonly Arbitrary<(int[] Free, int[] Waiting)> Queues = Arb.From(
        from free in Gen.Choose(-1, 3).ArrayOf(Names.Length)
        from waiting in Gen.Choose(1, (1 << Names.Length) - 1).ArrayOf()
        select (free, waiting));

    [Fact]
    public void Of_those_who_wait_no_more_are_let_in_than_slots_are_free() => ForAllQueues((free, _, next) =>
        free.All(f => next.Count(n => n.Names.Contains(f.Key)) <= Math.Max(0, f.Value)));

    [Fact]
    public void Nobody_overtakes_who_asked_for_the_same() => ForAllQueues((free, waiting, next) =>
        next.All(n => waiting.TakeWhile(w => w != n).Where(w => !next.Contains(w)).All(w =>
            // Where an earlier one waits for a limit that both name, a slot of it is left for him.
            w.Names.Intersect(n.Names, StringComparer.Ordinal).All(name => waiting.TakeWhile(o => o != n).Count(o => o.Names.Contains(name)) < free[name]))));

    [Fact]
    public void The_first_gets_in_where_each_of_his_limits_has_a_free_slot() => ForAllQueues((free, waiting, next) =>
        waiting.Count == 0 || next.Contains(waiting[0]) == waiting[0].Names.All(name => free[name] > 0));

    [Fact]
    public void Whoever_waits_gets_in_when_those_before_him_have_gone() => ForAllQueues((free, waiting, _) =>
    {
        var open = free.ToDictionary(f => f.Key, f => Math.Max(1, f.Value), StringComparer.Ordinal);
        var left = waiting.ToList();
        for (var rounds = 0; left.Count > 0; rounds++)
        {
            // Those who were let in give their slots back before the next look.
            var next = ConcurrencyLimit.Next(open, left);
            if (next.Count == 0 || rounds > waiting.Count)
                return false;
            left.RemoveAll(next.Contains);
        }

        return true;
    });

    [Fact]
    public void A_name_without_a_limit_holds_nobody_back() =>
        Assert.Single(ConcurrencyLimit.Next(new Dictionary<string, int>(StringComparer.Ordinal) { ["gpu"] = 0 }, [new SlotRequest("a", ["free"]), new SlotRequest("b", ["free", "gpu"])]));

    static void ForAllQueues(Func<IReadOnlyDictionary<string, int>, IReadOnlyList<SlotRequest>, IReadOnlyList<SlotRequest>, bool> holds) =>
        Check.QuickThrowOnFailure(Prop.ForAll(Queues, q =>
        {
            var free = Names.Select((name, i) => (name, q.Free[i])).ToDictionary(f => f.name, f => f.Item2, StringComparer.Ordinal);
            List<SlotRequest> waiting = [.. q.Waiting.Select((mask, i) => new SlotRequest($"{i}", [.. Names.Where((_, n) => (mask & (1 << n)) != 0)]))];
            return holds(free, waiting, ConcurrencyLimit.Next(free, waiting));
        }));

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
