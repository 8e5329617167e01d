using FsCheck.Fluent;
using Holoflow.Contracts;
using Holoflow.StateStore.Histories;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>Whatever the machines make is found legal; what they cannot make is named.</summary>
public abstract class HistoryCheckTests : StoreTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Histories_that_random_messages_made_are_legal()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Start(new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time);
        foreach (var steps in Gen.Sample(Gen.ListOf(Gen.Choose(0, 11), 30), 40))
        {
            var run = store.NewRun(program: new RunProgram { Path = "/x", Retries = 1, CrashReschedules = 1 }) with { ExpiresAt = time.GetUtcNow().AddMinutes(5) };
            await store.Ask(run);
            GrantedRun? granted = null;
            foreach (var step in steps)
                granted = await Take(store, time, step, run.RunId, granted);
        }

        var found = await HistoryCheck.Run(store.Database, Cancellation);
        Assert.Empty(found.Faults);
        Assert.Equal(40, found.Runs);
    }

    [Theory]
    [InlineData("UPDATE flow_run_states SET state_type = 'Running', state_name = 'Running' WHERE version = 4", "its history ends with Running at version 4")]
    [InlineData("UPDATE flow_run_states SET state_type = 'Cancelling', state_name = 'Cancelling' WHERE version = 2", "version 2: the machine makes no Cancelling")]
    [InlineData("UPDATE flow_run_states SET epoch = 7 WHERE version = 3", "version 3: the machine makes no Running of epoch 7")]
    [InlineData("UPDATE flow_run_states SET agent = 'thief' WHERE version = 3", "held by 'thief'")]
    [InlineData("DELETE FROM flow_run_states WHERE version = 3", "version 2 is followed by version 4")]
    [InlineData("DELETE FROM flow_run_states WHERE version = 1", "begins with version 2")]
    [InlineData("DELETE FROM flow_run_states", "it has no history")]
    [InlineData("UPDATE flow_runs SET state_type = 'Running', ended_at = NULL", "it is Running at version 4, but its history ends with Completed")]
    [InlineData("UPDATE flow_runs SET ended_at = NULL", "it is Completed and has no time of its end")]
    [InlineData("UPDATE flow_runs SET lease_agent = 'ghost'", "agent 'ghost' holds it still")]
    [InlineData("DELETE FROM flow_runs", "it has a history and no row")]
    [InlineData("UPDATE task_run_states SET state_type = 'Running' WHERE state_type = 'Pending'", "its history begins with Running")]
    [InlineData("UPDATE task_run_states SET state_type = 'Completed' WHERE state_type = 'Running'", "cannot go from Completed to Completed")]
    [InlineData("DELETE FROM task_run_states", "it has no history")]
    public async Task A_planted_fault_is_named(string planted, string says)
    {
        await using var store = await Start();
        var run = await store.Started();
        var task = Guid.CreateVersion7();
        RunEvent Event(long sequence, RunEventKind kind, string? type) => new() { Sequence = sequence, At = TimeProvider.System.GetUtcNow(), Kind = kind, Subject = task, Key = "split", TaskName = "split", RunName = "split", Type = type, Name = type };
        await store.Ask(new ReportTasks(run.RunId, "agent-1", run.Epoch, [Event(1, RunEventKind.TaskCreated, null), Event(2, RunEventKind.TaskChanged, "Running"), Event(3, RunEventKind.TaskChanged, "Completed")]));
        await store.Report(run, RunReport.Completed);
        Assert.Empty((await HistoryCheck.Run(store.Database, Cancellation)).Faults);

        await store.Writer.Write(session => session.Execute(planted), Cancellation);

        // What was planted was never counted either.
        var faults = (await HistoryCheck.Run(store.Database, Cancellation)).Faults.Where(f => !f.StartsWith("counts: ", StringComparison.Ordinal));
        Assert.Contains(says, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_nobody_holds_is_not_Running()
    {
        await using var store = await Start();
        _ = await store.Started();
        await store.Writer.Write(session => session.Execute("UPDATE flow_runs SET lease_agent = NULL"), Cancellation);
        Assert.Contains("it is Running and nobody holds it", Assert.Single((await HistoryCheck.Run(store.Database, Cancellation)).Faults), StringComparison.Ordinal);
    }

    static async Task<GrantedRun?> Take(StoreUnderTest store, ManualTime time, int step, Guid run, GrantedRun? granted)
    {
        switch (step)
        {
            case 0 or 1:
                return (await store.Ask(new ClaimRun(run, "agent-1", Guid.CreateVersion7()))).Run ?? granted;
            case 2:
                await store.Ask(new CancelRun(run, "c"));
                break;
            case 3:
                await store.Ask(new PauseRun(run, "p"));
                break;
            case 4:
                await store.Ask(new ResumeRun(run));
                break;
            case 5:
                await store.Ask(new RerunRun(run, "r"));
                break;
            case 6:
                time.Advance(TimeSpan.FromSeconds(20));
                await store.Ask(new SweepRuns());
                break;
            default:
                if (granted is not null)
                    await store.Report(granted, Enum.GetValues<RunReport>()[step % Enum.GetValues<RunReport>().Length]);
                break;
        }

        return granted;
    }
}

public sealed class HistoryCheckOnSqlite : HistoryCheckTests;

[Collection(PostgresqlTests.Name)]
public sealed class HistoryCheckOnPostgresql(PostgresqlHost host) : HistoryCheckTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}
