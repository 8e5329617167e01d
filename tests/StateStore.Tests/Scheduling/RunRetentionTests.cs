using Holoflow.Contracts;
using Holoflow.Scheduler;
using Holoflow.Scheduler.Retention;
using Holoflow.StateStore.Histories;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Scheduling;

/// <summary>Runs that are kept no longer go with all that is theirs; what has not ended stays, however old it is.</summary>
public abstract class RunRetentionTests : StoreTests
{
    static readonly string[] Tables = ["flow_runs", "flow_run_contents", "flow_run_states", "flow_run_tags", "flow_run_parameters", "task_runs", "task_run_states", "progress", "artifacts", "log_lines"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_runs_that_ended_long_enough_ago_go_and_nothing_of_them_stays()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Start(new StateStoreOptions { LeaseDuration = TimeSpan.FromDays(1000) }, time);
        var open = await store.Started();
        var waiting = store.NewRun();
        await store.Ask(waiting);
        var lasting = await store.Started();
        await End(store, await Filled(store));
        await End(store, await Filled(store));
        time.Advance(TimeSpan.FromDays(20));
        await End(store, lasting);
        var young = await Filled(store);
        await End(store, young);
        time.Advance(TimeSpan.FromDays(15));
        var retention = Retention(store, time, new SchedulerOptions { KeepRunsFor = TimeSpan.FromDays(30) });

        Assert.Equal(2, await retention.RunOnce(Cancellation));
        Assert.Equal(0, await retention.RunOnce(Cancellation));

        Guid[] left = [open.RunId, waiting.RunId, lasting.RunId, young.RunId];
        Assert.Equal(left.Order(), (await Ids(store, "SELECT id FROM flow_runs WHERE parent_run_id IS NULL")).Order());
        foreach (var table in Tables.Where(t => t.StartsWith("flow_run_", StringComparison.Ordinal)))
            Assert.Equal(0L, await store.Scalar($"SELECT COUNT(*) FROM {table} WHERE run_id NOT IN (SELECT id FROM flow_runs)"));
        Assert.Equal(["2|5|1|1"], await store.Rows("SELECT (SELECT COUNT(*) FROM task_runs), (SELECT COUNT(*) FROM task_run_states), (SELECT COUNT(*) FROM artifacts), (SELECT COUNT(*) FROM log_lines)"));
        Assert.Empty((await HistoryCheck.Run(store.Database, Cancellation)).Faults);
    }

    [Fact]
    public async Task The_newest_of_each_flow_stay()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Start(new StateStoreOptions { LeaseDuration = TimeSpan.FromDays(1000) }, time);
        var open = await store.Started();
        var ended = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            var run = await store.Started();
            ended.Add(run.RunId);
            await store.Report(run, RunReport.Completed);
        }

        var other = await store.Started(store.NewRun("other"));
        await store.Report(other, RunReport.Failed);

        Assert.Equal(4, await Retention(store, time, new SchedulerOptions { KeepRunsPerFlow = 3 }).RunOnce(Cancellation));

        Guid[] left = [open.RunId, .. ended[^3..], other.RunId];
        Assert.Equal(left.Order(), (await Ids(store, "SELECT id FROM flow_runs")).Order());
    }

    [Fact]
    public async Task A_leading_scheduler_removes_them_and_one_that_is_told_nothing_keeps_all()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Start(time: time);
        var run = await store.Started();
        await store.Report(run, RunReport.Completed);
        time.Advance(TimeSpan.FromDays(400));
        var removed = new TaskCompletionSource<Guid>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = store.Bus.Subscribe<RunStateChanged>(new Messaging.Subscription("run.#"), (changed, _) =>
        {
            if (changed.StateName == "Deleted")
                removed.TrySetResult(changed.RunId);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(0, await Retention(store, time, new SchedulerOptions()).RunOnce(Cancellation));
        await using var scheduler = new SchedulerService(store.Bus, store.Database, new SchedulerOptions { KeepRunsFor = TimeSpan.FromDays(365) }, time, NullLogger<SchedulerService>.Instance);
        await scheduler.StartAsync(Cancellation);
        Assert.Equal(run.RunId, await removed.Task.WaitAsync(Cancellation));
    }

    static RunRetention Retention(StoreUnderTest store, TimeProvider time, SchedulerOptions options) => new(store.Bus, store.Database, options, time, NullLogger.Instance);

    static async Task<IEnumerable<Guid>> Ids(StoreUnderTest store, string sql)
    {
        await using var session = await store.Database.OpenReadSession(Cancellation);
        using var rows = session.Query(sql);
        var ids = new List<Guid>();
        while (rows.Next())
            ids.Add(rows.Id(0));
        return ids;
    }

    static async Task<GrantedRun> Filled(StoreUnderTest store)
    {
        var run = await store.Started(store.NewRun(parameters: """{"beam": 3}""") with { Tags = ["night"] });
        var journal = new JournalOfTest();
        _ = journal.Created("split-1", journal.Nested("nested"));
        journal.Changed(journal.Created("split-2"), "Running");
        journal.Add(RunEventKind.Progressed);
        journal.Replace(e => e with { Fraction = 0.5 });
        journal.Add(RunEventKind.ArtifactMade);
        journal.Replace(e => e with { Subject = Guid.CreateVersion7(), Key = "table", Type = "table" });
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(journal.Report(run))).Outcome);
        const string Line = "INSERT INTO log_lines (run_id, source, number, position, at, level, text) VALUES ($1, 0, 1, 1, 0, 2, 'said')";
        await store.Writer.Write(session => session.Execute(Line, run.RunId), Cancellation);
        return run;
    }

    static async Task End(StoreUnderTest store, GrantedRun run) => Assert.Equal(CommandOutcome.Accepted, (await store.Report(run, RunReport.Completed)).Outcome);
}

public sealed class RunRetentionOnSqlite : RunRetentionTests;

[Collection(PostgresqlTests.Name)]
public sealed class RunRetentionOnPostgresql(PostgresqlHost host) : RunRetentionTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}
