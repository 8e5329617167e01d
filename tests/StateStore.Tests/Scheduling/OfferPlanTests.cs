using FsCheck;
using FsCheck.Fluent;
using Holoflow.ReadModel.Scheduling;
using Holoflow.Scheduler.Offers;

namespace Holoflow.StateStore.Tests.Scheduling;

public sealed class OfferPlanTests
{
    static readonly string[] Queues = ["a", "b", "undefined"];
    static readonly string[] Tags = ["gpu", "big"];
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void No_limit_is_passed_no_slot_is_sold_twice_no_run_goes_where_it_does_not_fit() =>
        Prop.ForAll(Situations(), s =>
        {
            var offers = s.Decide();
            Assert.Equal(offers.Count, offers.Select(o => o.Run.Id).Distinct().Count());
            foreach (var agent in s.Agents)
                Assert.True(offers.Count(o => o.AgentId == agent.AgentId) <= agent.FreeSlots);
            foreach (var queue in s.Loads.Values)
                Assert.True(offers.Count(o => o.Run.Queue == queue.Name) <= OfferPlan.Room(queue, s.UnderWay.GetValueOrDefault(queue.Name)));
            Assert.All(offers, o => Assert.True(s.Agents.Single(a => a.AgentId == o.AgentId).Takes(o.Run)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_run_is_left_waiting_only_where_no_free_slot_could_take_it() =>
        Prop.ForAll(Situations(), s =>
        {
            var offers = s.Decide();
            foreach (var left in s.Due.Where(r => offers.All(o => o.Run.Id != r.Id)))
            {
                var used = offers.Count(o => o.Run.Queue == left.Queue) + s.UnderWay.GetValueOrDefault(left.Queue);
                var room = OfferPlan.Room(s.Loads.GetValueOrDefault(left.Queue), used);
                var free = s.Agents.Where(a => a.Takes(left)).Sum(a => a.FreeSlots - offers.Count(o => o.AgentId == a.AgentId));
                Assert.True(room == 0 || free == 0, $"{left} could have been offered: room {room}, free {free}");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Within_a_queue_and_the_same_tags_none_overtakes() =>
        Prop.ForAll(Situations(), s =>
        {
            var offered = s.Decide().Select(o => o.Run.Id).ToHashSet();
            foreach (var group in s.Due.GroupBy(r => (r.Queue, string.Join(',', r.Tags))))
            {
                var inOrder = group.OrderBy(r => r.Priority).ThenBy(r => r.DueAt).ThenBy(r => r.Id).Select(r => offered.Contains(r.Id)).ToList();
                Assert.Equal(inOrder.OrderByDescending(taken => taken), inOrder);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_queue_of_the_lower_number_goes_first()
    {
        var first = new WaitingRun(Guid.CreateVersion7(), "b", 9, Noon, []);
        var second = new WaitingRun(Guid.CreateVersion7(), "a", 0, Noon.AddDays(-1), []);
        var loads = new Dictionary<string, QueueLoad> { ["a"] = new("a", false, null, 5, 0), ["b"] = new("b", false, null, 1, 0) };
        var offers = OfferPlan.Decide([second, first], loads, [new AgentSlots("one", ["a", "b"], [], 1)], new Dictionary<string, int>());
        Assert.Equal(first, Assert.Single(offers).Run);
    }

    [Fact]
    public void A_particular_agent_is_used_before_one_that_takes_anything()
    {
        var gpu = new WaitingRun(Guid.CreateVersion7(), "a", 0, Noon, ["gpu"]);
        var plain = new WaitingRun(Guid.CreateVersion7(), "a", 0, Noon.AddSeconds(1), []);
        AgentSlots[] agents = [new("any", ["a"], [], 1), new("gpu", ["a"], ["gpu"], 1)];
        var offers = OfferPlan.Decide([gpu, plain], new Dictionary<string, QueueLoad>(), agents, new Dictionary<string, int>());
        Assert.Equal(["gpu", "any"], offers.Select(o => o.AgentId));
    }

    static Arbitrary<Situation> Situations()
    {
        var tags = Gen.SubListOf(Tags).Select(list => (IReadOnlyList<string>)[.. list]);
        var run = from queue in Gen.Elements(Queues)
                  from priority in Gen.Choose(0, 2)
                  from due in Gen.Choose(0, 5)
                  from runTags in tags
                  select new WaitingRun(Guid.CreateVersion7(), queue, priority, Noon.AddSeconds(-due), runTags);
        var load = from paused in Gen.Elements(false, false, false, true)
                   from limit in Gen.Choose(-1, 4)
                   from priority in Gen.Choose(0, 1)
                   from held in Gen.Choose(0, 3)
                   select new QueueLoad("", paused, limit < 0 ? null : limit, priority, held);
        var agent = from queues in Gen.SubListOf(Queues)
                    from agentTags in tags
                    from slots in Gen.Choose(0, 3)
                    select new AgentSlots("", [.. queues], agentTags, slots);
        return Arb.From(
            from due in Gen.ListOf(run)
            from loads in Gen.ArrayOf(load, 2)
            from agents in Gen.ListOf(agent)
            from underWay in Gen.Choose(0, 2)
            select new Situation(
                [.. due],
                new Dictionary<string, QueueLoad>(StringComparer.Ordinal) { ["a"] = loads[0] with { Name = "a" }, ["b"] = loads[1] with { Name = "b" } },
                [.. agents.Select((a, i) => a with { AgentId = $"agent-{i}" })],
                new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = underWay }));
    }

    sealed record Situation(IReadOnlyList<WaitingRun> Due, Dictionary<string, QueueLoad> Loads, IReadOnlyList<AgentSlots> Agents, Dictionary<string, int> UnderWay)
    {
        public IReadOnlyList<PlannedOffer> Decide() => OfferPlan.Decide(Due, Loads, Agents, UnderWay);
    }
}
