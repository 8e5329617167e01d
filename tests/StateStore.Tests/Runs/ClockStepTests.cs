using Holoflow.Contracts;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>The machine's clock is set, an hour back or forth, under a run.</summary>
public sealed class ClockStepTests
{
    static readonly StateStoreOptions NoHoldOff = new() { ExpiryHoldOff = TimeSpan.Zero };

    [Theory]
    [InlineData(-3600)]
    [InlineData(-1)]
    public async Task A_clock_that_steps_back_takes_no_run_from_its_agent_and_keeps_the_history_in_order(int seconds)
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
        await using var store = await StoreUnderTest.Start(NoHoldOff, time);
        var run = await store.Started();
        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(0, (await store.Ask(new SweepRuns())).LeasesExpired);
        Assert.True(Assert.Single((await store.Ask(new RenewLeases("agent-1", [new HeldRun(run.RunId, run.Epoch)]))).Runs).Held);
        Assert.Equal(CommandOutcome.Accepted, (await store.Report(run, RunReport.Completed)).Outcome);

        Assert.Equal(["Scheduled|1", "Pending|2", "Running|3", "Completed|4"], await store.Rows("SELECT state_type, version FROM flow_run_states ORDER BY version"));
    }

    [Fact]
    public async Task A_run_that_was_due_before_the_clock_stepped_back_is_not_lost()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
        await using var store = await StoreUnderTest.Start(NoHoldOff, time);
        var waiting = store.NewRun();
        await store.Ask(waiting);
        time.Advance(TimeSpan.FromHours(-1));
        Assert.False((await store.Ask(new ClaimRun(waiting.RunId, "agent-1", Guid.CreateVersion7()))).Granted);
        time.Advance(TimeSpan.FromHours(1));
        Assert.True((await store.Ask(new ClaimRun(waiting.RunId, "agent-1", Guid.CreateVersion7()))).Granted);
    }
}
