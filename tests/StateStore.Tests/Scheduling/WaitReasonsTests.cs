using Holoflow.Contracts;
using Holoflow.ReadModel.Scheduling;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Scheduling;

public sealed class WaitReasonsTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static readonly ServingAgent Idle = new("east", [], 2, 2, true, Noon);

    static readonly WaitFacts Facts = new()
    {
        RunName = "calm-quasar",
        StateType = "Scheduled",
        StateName = "Scheduled",
        Queue = "beams",
        Tags = [],
        DueAt = Noon.AddMinutes(-1),
        Agents = [Idle],
    };

    [Fact]
    public void Every_cause_is_named() => Assert.Equal(
        [
            "NotDue: it is due at 2026-01-01 12:01:00 UTC",
            "QueuePaused: work queue 'beams' is paused: resume it with 'holoflow work-queue resume beams'",
            "LimitReached: work queue 'beams' has reached its limit of 1: 'old-comet' on west since 2026-01-01 11:00:00 UTC holds it",
            "NoAgentForTags: every agent of work queue 'beams' asks for tags that the run lacks; 'east' asks for gpu",
        ],
        Explain(Facts with
        {
            DueAt = Noon.AddMinutes(1),
            QueuePaused = true,
            QueueLimit = 1,
            Holding = [new HoldingRun(Guid.Empty, "old-comet", "west", Noon.AddHours(-1))],
            Agents = [Idle with { Tags = ["gpu"] }],
        }));

    [Fact]
    public void Agents_are_missing_silent_or_full()
    {
        Assert.StartsWith("NoAgentForQueue: no agent has ever served work queue 'beams'", Explain(Facts with { Agents = [] })[0], StringComparison.Ordinal);
        Assert.StartsWith("AgentsOffline: no agent of work queue 'beams' is online; 'east'", Explain(Facts with { Agents = [Idle with { LastSeen = Noon.AddMinutes(-2) }] })[0], StringComparison.Ordinal);
        Assert.Equal(
            ["AgentsOffline: it is in the queue of a 'holoflow run' that has ended: cancel it, and type 'holoflow flow-run retry calm-quasar' where it was made"],
            Explain(Facts with { Queue = "embedded-1", Agents = [Idle with { Online = false }] }));
        Assert.Equal(
            ["NoFreeSlot: the 2 slots of 'east' are all in use", "RunsAhead: 3 due runs of work queue 'beams' go first, by priority and due time"],
            Explain(Facts with { Agents = [Idle with { FreeSlots = 0 }], Ahead = 3 }));
    }

    [Fact]
    public void A_run_that_nothing_holds_back_is_about_to_start_and_others_do_not_wait()
    {
        Assert.StartsWith("AboutToStart", Assert.Single(Explain(Facts)), StringComparison.Ordinal);
        Assert.StartsWith("NotWaiting: it does not wait: it is Running", Assert.Single(Explain(Facts with { StateType = "Running", StateName = "Running" })), StringComparison.Ordinal);
        Assert.StartsWith("RunPaused: it is paused (clouds)", Assert.Single(Explain(Facts with { StateType = "Paused", StateName = "Paused", StateMessage = "clouds" })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_tasks_wait_for_a_cluster_tells_the_scheduler_s_reason() => Assert.Equal(
        ["TasksAwaitAllocation: it runs, and 36 of its tasks have waited for the cluster since 2026-01-01 12:00:00 UTC: array-1[0] (job 7) waits: jobs with a higher priority are before it"],
        Explain(Facts with { StateType = "Running", StateName = "Running", AwaitingAllocation = [new WaitingTasks(36, "array-1[0] (job 7) waits: jobs with a higher priority are before it", Noon)] }));

    [Fact]
    public async Task The_facts_are_read_from_the_store()
    {
        await using var store = await StoreUnderTest.Start();
        await store.Ask(new DefineQueue("beams") { ConcurrencyLimit = 1 });
        var holder = await store.Started(store.NewRun() with { Queue = "beams" });
        var before = store.NewRun() with { Queue = "beams", Priority = -1 };
        var run = store.NewRun() with { Queue = "beams" };
        await store.Ask(before);
        await store.Ask(run);
        var now = store.Time.GetUtcNow();
        var facts = (await WaitFacts.Read(store.Database, run.RunId, now, TestContext.Current.CancellationToken))!;
        Assert.Equal((1, 1, holder.RunId), (facts.Ahead, facts.QueueLimit, Assert.Single(facts.Holding).Id));
        Assert.Equal([WaitKind.LimitReached, WaitKind.NoAgentForQueue], WaitReasons.Explain(facts, now).Select(r => r.Kind));
        Assert.Null(await WaitFacts.Read(store.Database, Guid.CreateVersion7(), now, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tasks_that_wait_for_a_cluster_are_counted_by_their_reason()
    {
        await using var store = await StoreUnderTest.Start();
        var run = await store.Started(store.NewRun());
        var journal = new JournalOfTest();
        foreach (var key in new[] { "fit-1", "fit-2", "fit-3" })
        {
            var task = journal.Created(key);
            journal.Changed(task, "Pending", key == "fit-3" ? "Pending" : "AwaitingAllocation");
            journal.Replace(e => e with { Message = "job 7 waits" });
        }

        await store.Ask(journal.Report(run));
        var facts = (await WaitFacts.Read(store.Database, run.RunId, store.Time.GetUtcNow(), TestContext.Current.CancellationToken))!;
        Assert.Equal((2, "job 7 waits"), Assert.Single(facts.AwaitingAllocation) is var tasks ? (tasks.Count, tasks.Message) : default);
    }

    static List<string> Explain(WaitFacts facts) => [.. WaitReasons.Explain(facts, Noon).Select(r => $"{r.Kind}: {r.Text}")];
}
