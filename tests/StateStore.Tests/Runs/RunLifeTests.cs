using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Runs;

public abstract class RunLifeTests : StoreTests
{
    [Fact]
    public async Task A_run_is_submitted_claimed_started_and_finished_and_its_history_is_kept()
    {
        await using var store = await Start();
        var submitted = store.NewRun(parameters: """{ "beam":  3, "field": "Vela \u0000 $(x)" }""");
        var run = await store.Started(submitted);
        // A broker may set the white space anew.
        Assert.True(JsonElement.DeepEquals(submitted.Parameters, run.Parameters), run.Parameters.GetRawText());
        Assert.Equal(1, run.Attempt);
        Assert.Equal(CommandOutcome.Accepted, (await store.Report(run, RunReport.Completed)).Outcome);
        Assert.Equal(["Scheduled|1", "Pending|2", "Running|3", "Completed|4"], await store.Rows("SELECT state_type, version FROM flow_run_states ORDER BY version"));
        Assert.Equal(["Completed|4||1"], await store.Rows("SELECT state_type, version, lease_agent, COUNT(*) FILTER (WHERE ended_at >= started_at) FROM flow_runs GROUP BY id"));
        Assert.Matches("^[a-z]+-[a-z]+$", run.RunName);
    }

    [Fact]
    public async Task A_repeated_submission_makes_one_run_by_id_by_key_and_by_fire_time()
    {
        await using var store = await Start();
        var first = store.NewRun() with { IdempotencyKey = "night-12" };
        var byKey = store.NewRun() with { IdempotencyKey = "night-12" };
        var fired = store.NewRun() with { ScheduleId = Guid.CreateVersion7(), FireTime = DateTimeOffset.UnixEpoch };
        var firedAgain = fired with { RunId = Guid.CreateVersion7() };
        var answers = await Task.WhenAll(new[] { first, first, byKey, fired, firedAgain }.Select(store.Ask));
        // Over a broker either of two that were sent together may come first.
        var (byId, byTime) = (answers[0].Id!.Value, answers[3].Id!.Value);
        Assert.Contains(byId, new[] { first.RunId, byKey.RunId });
        Assert.Contains(byTime, new[] { fired.RunId, firedAgain.RunId });
        Assert.Equal([byId, byId, byId, byTime, byTime], answers.Select(a => a.Id!.Value));
        Assert.Equal(2, answers.Count(a => a.Outcome == CommandOutcome.Accepted));
        Assert.Equal(2L, await store.Scalar("SELECT COUNT(*) FROM flow_runs"));
    }

    [Fact]
    public async Task Of_two_agents_one_is_granted_and_a_repeated_claim_gets_the_same_answer()
    {
        await using var store = await Start();
        var run = store.NewRun();
        await store.Ask(run);
        var claims = Enumerable.Range(0, 8).Select(i => new ClaimRun(run.RunId, $"agent-{i}", Guid.CreateVersion7())).ToList();
        var answers = await Task.WhenAll(claims.Select(store.Ask));
        var winner = Array.FindIndex(answers, a => a.Granted);
        Assert.Single(answers, a => a.Granted);
        var again = await store.Ask(claims[winner]);
        Assert.True(again.Granted);
        Assert.Equal(answers[winner].Run!.Epoch, again.Run!.Epoch);
    }

    [Fact]
    public async Task A_queue_limit_holds_however_many_ask_and_an_ended_run_frees_its_slot()
    {
        await using var store = await Start();
        await store.Ask(new DefineQueue("narrow") { ConcurrencyLimit = 2 });
        var runs = Enumerable.Range(0, 6).Select(_ => store.NewRun() with { Queue = "narrow" }).ToList();
        await Task.WhenAll(runs.Select(store.Ask));
        var answers = await Task.WhenAll(runs.Select(r => store.Ask(new ClaimRun(r.RunId, "agent-1", Guid.CreateVersion7()))));
        Assert.Equal(2, answers.Count(a => a.Granted));
        Assert.All(answers.Where(a => !a.Granted), a => Assert.Contains("limit of 2", a.Reason, StringComparison.Ordinal));
        await store.Report(answers.First(a => a.Granted).Run!, RunReport.Crashed);
        var refused = runs.Zip(answers).First(pair => !pair.Second.Granted).First;
        Assert.True((await store.Ask(new ClaimRun(refused.RunId, "agent-1", Guid.CreateVersion7()))).Granted);
    }

    [Fact]
    public async Task A_paused_queue_grants_nothing_until_it_is_resumed()
    {
        await using var store = await Start();
        await store.Ask(new DefineQueue("default") { Paused = true });
        var run = store.NewRun();
        await store.Ask(run);
        var claim = new ClaimRun(run.RunId, "agent-1", Guid.CreateVersion7());
        Assert.Equal("work queue 'default' is paused", (await store.Ask(claim)).Reason);
        await store.Ask(new DefineQueue("default") { Paused = false });
        Assert.True((await store.Ask(claim)).Granted);
    }

    [Fact]
    public async Task Cancel_reaches_the_agent_and_a_lost_message_is_made_good_by_the_next_renewal()
    {
        await using var store = await Start();
        var told = new TaskCompletionSource<RunControl>();
        await using var subscription = store.Bus.Subscribe<RunControl>(new("agent.agent-1"), (control, _) =>
        {
            told.TrySetResult(control);
            return ValueTask.CompletedTask;
        });
        await subscription.Established;
        var run = await store.Started();
        await store.Ask(new CancelRun(run.RunId, "clouds"));
        Assert.Equal((run.RunId, WantedOfRun.Cancel, "clouds"), await told.Task.WaitAsync(TestContext.Current.CancellationToken) is var c ? (c.RunId, c.Wanted, c.Reason) : default);
        var renewed = await store.Ask(new RenewLeases("agent-1", [new HeldRun(run.RunId, run.Epoch)]));
        Assert.Equal(new RenewedRun(run.RunId, run.Epoch, true, WantedOfRun.Cancel), Assert.Single(renewed.Runs));
        await store.Report(run, RunReport.Cancelled);
        Assert.Equal("Cancelled", await store.Scalar("SELECT state_type FROM flow_runs"));
        Assert.False((await store.Ask(new RenewLeases("agent-1", [new HeldRun(run.RunId, run.Epoch)]))).Runs[0].Held);
    }

    [Fact]
    public async Task A_failed_run_starts_again_by_its_policy_and_by_hand()
    {
        await using var store = await Start();
        var run = await store.Started(store.NewRun(program: new RunProgram { Path = "/x", Retries = 1 }));
        await store.Report(run, RunReport.Failed, "no signal");
        Assert.Equal(["Scheduled|AwaitingRetry"], await store.Rows("SELECT state_type, state_name FROM flow_runs"));
        var second = await Again(store, run);
        await store.Report(second, RunReport.Failed, "no signal");
        Assert.Equal(["Failed|1"], await store.Rows("SELECT state_type, retries_used FROM flow_runs"));

        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new RerunRun(run.RunId, null))).Outcome);
        Assert.Equal(["Scheduled|0"], await store.Rows("SELECT state_type, retries_used FROM flow_runs"));
        Assert.Equal(3, (await Again(store, run)).Attempt);
    }

    static async Task<GrantedRun> Again(StoreUnderTest store, GrantedRun run)
    {
        var again = (await store.Ask(new ClaimRun(run.RunId, "agent-1", Guid.CreateVersion7()))).Run!;
        await store.Report(again, RunReport.Started);
        return again;
    }

    [Fact]
    public async Task Events_are_published_after_the_commit_in_order_and_leave_the_outbox()
    {
        await using var store = await Start();
        var versions = new List<long>();
        var ended = new TaskCompletionSource();
        await using var subscription = store.Bus.Subscribe<RunStateChanged>(new("run.#"), (changed, _) =>
        {
            versions.Add(changed.Version);
            if (changed.StateType == "Completed")
                ended.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await subscription.Established;
        var run = await store.Started();
        await store.Report(run, RunReport.Completed);
        await ended.Task.WaitAsync(TestContext.Current.CancellationToken);
        // One may come twice: a sweep publishes what is not known to be published yet.
        Assert.Equal([1, 2, 3, 4], versions.Distinct());
        await store.Service.DisposeAsync();
        await store.Writer.DisposeAsync();
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM outbox"));
    }
}
