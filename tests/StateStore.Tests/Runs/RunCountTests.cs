using FsCheck.Fluent;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Overview;
using Holoflow.StateStore.Histories;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>The counts that are kept with every change equal a count of all rows, whatever happened.</summary>
public abstract class RunCountTests : StoreTests
{
    const string CountRows = "SELECT state_type, flow_name, queue, COUNT(*) FROM flow_runs GROUP BY state_type, flow_name, queue ORDER BY 1, 2, 3";

    static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    enum Step
    {
        Submit,
        SubmitAgain,
        Take,
        NestedRun,
        Complete,
        Fail,
        Cancel,
        Rerun,
        Delete,
        DeleteTwice,
        FailingWrite,
    }

    static DefineDeployment Nightly => new()
    {
        FlowName = "observe",
        Name = "nightly",
        Program = new RunProgram { Path = "/x" },
        ParameterSchema = StoreUnderTest.Json("{}"),
        Parameters = StoreUnderTest.Json("{}"),
        Queue = "nightly",
        Infrastructure = "process",
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_equal_a_count_of_all_rows_after_any_history()
    {
        var time = new ManualTime(Begin);
        var options = new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero };
        await using var store = await Start(options, time);
        await using var other = await StoreUnderTest.Start(store.Database, null, options, time);
        var deployment = (await store.Ask(Nightly)).Id!.Value;
        foreach (var steps in Gen.Sample(Gen.ListOf(Gen.Zip(Gen.Elements(Enum.GetValues<Step>()), Gen.Choose(0, 1_000_000)), 60), 8))
        {
            var runs = new List<Guid>();
            await Task.WhenAll(steps.Chunk(6).Select(async part =>
            {
                foreach (var (step, chance) in part)
                    await Take(chance % 5 == 0 ? other : store, deployment, step, chance, runs);
            }));
            time.Advance(TimeSpan.FromMinutes(50));
            await store.Ask(new SweepRuns());
        }

        Assert.Empty((await HistoryCheck.Run(store.Database, Cancellation)).Faults);
        Assert.NotEmpty(await store.Rows(CountRows));
        await ListsAndOverviewAgree(store);
    }

    [Fact]
    public async Task An_upgrade_counts_what_is_there()
    {
        await using var store = await Start();
        await store.Report(await store.Started(), RunReport.Completed);
        _ = await store.Started(store.NewRun("other"));
        var before = (await store.Rows("SELECT state_type, flow_name, SUM(runs) FROM run_counts GROUP BY state_type, flow_name HAVING SUM(runs) <> 0 ORDER BY 1, 2"), await store.Rows("SELECT hour, state_type, SUM(runs) FROM run_hours GROUP BY hour, state_type HAVING SUM(runs) <> 0 ORDER BY 1, 2"));
        await Execute(store, "DROP TABLE run_counts; DROP TABLE run_hours;");
        await Execute(store, Script(store.Database.Provider));
        Assert.Equal(before.Item1, await store.Rows("SELECT state_type, flow_name, SUM(runs) FROM run_counts GROUP BY state_type, flow_name ORDER BY 1, 2"));
        Assert.Equal(before.Item2, await store.Rows("SELECT hour, state_type, SUM(runs) FROM run_hours GROUP BY hour, state_type ORDER BY 1, 2"));
        Assert.Empty((await HistoryCheck.Run(store.Database, Cancellation)).Faults);
    }

    [Fact]
    public async Task A_wrong_count_is_named()
    {
        await using var store = await Start();
        _ = await store.Started();
        await store.Writer.Write(session => session.Execute("UPDATE run_counts SET runs = runs + 2 WHERE state_type = 'Running'"), Cancellation);
        await store.Writer.Write(session => session.Execute("DELETE FROM run_hours WHERE state_type = 'Running'"), Cancellation);
        var faults = (await HistoryCheck.Run(store.Database, Cancellation)).Faults;
        Assert.Equal(2, faults.Count);
        Assert.Equal("counts: 3 runs of flow 'observe' in queue 'default' are said to be Running, and 1 are", faults[0]);
        Assert.EndsWith("are said to be Running, and 1 are", faults[1], StringComparison.Ordinal);
    }

    static string Script(DatabaseProvider provider)
    {
        var assembly = typeof(Database).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(n => n.StartsWith($"{provider}.".ToLowerInvariant(), StringComparison.Ordinal) && n.Contains("run_counts")))!);
        return reader.ReadToEnd();
    }

    static async Task Execute(StoreUnderTest store, string sql)
    {
        await using var connection = await store.Database.OpenForBulk(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        await command.ExecuteNonQueryAsync(Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    static async Task ListsAndOverviewAgree(StoreUnderTest store)
    {
        var lists = new FlowRunLists(store.Database);
        FlowRunQuery[] queries = [new(), new() { Flows = ["observe"] }, new() { Queues = ["nightly"], States = [new("Completed"), new("Failed")] }, new() { Flows = ["no such flow"] }];
        foreach (var query in queries)
        {
            // A lower bound that excludes nothing makes it read the runs.
            var counted = await lists.Count(query with { Since = DateTimeOffset.UnixEpoch }, Cancellation);
            Assert.Equal(counted.OrderBy(c => c.Key), (await lists.Count(query, Cancellation)).OrderBy(c => c.Key));
        }

        await using var overview = await RunOverview.Open(store.Database, Cancellation);
        var activity = overview.Activity(DateTimeOffset.UnixEpoch);
        Assert.Equal(
            await store.Rows("SELECT created_at / 3600000000, state_type, COUNT(*) FROM flow_runs GROUP BY 1, 2 ORDER BY 1, 2"),
            activity.Select(a => $"{(a.Hour - DateTimeOffset.UnixEpoch).TotalHours:0}|{a.StateType}|{a.Runs}"));
    }

    static async Task Take(StoreUnderTest store, Guid deployment, Step step, int chance, List<Guid> runs)
    {
        Guid? run;
        lock (runs)
            run = runs.Count == 0 ? null : runs[chance % runs.Count];
        switch (step)
        {
            case Step.Submit or Step.SubmitAgain:
                var submit = store.NewRun($"flow-{chance % 3}");
                if (chance % 2 == 0)
                    submit = submit with { DeploymentId = deployment, FlowName = null, Program = null };
                for (var times = step == Step.Submit ? 1 : 2; times > 0; times--)
                    await store.Ask(submit);
                lock (runs)
                    runs.Add(submit.RunId);
                break;
            case Step.FailingWrite:
                await Assert.ThrowsAnyAsync<Exception>(() => store.Writer.Write(session => session.Execute("INSERT INTO flows (id, name, created_at) VALUES (NULL, NULL, NULL)"), Cancellation));
                break;
            default:
                if (run is { } id)
                    await Take(store, step, id);
                break;
        }
    }

    static async Task Take(StoreUnderTest store, Step step, Guid run)
    {
        if (step is Step.Cancel)
            await store.Ask(new CancelRun(run, "c"));
        else if (step is Step.Rerun)
            await store.Ask(new RerunRun(run, "r"));
        else if (step is Step.Delete)
            await store.Ask(new DeleteRun(run));
        else if (step is Step.DeleteTwice)
            await Task.WhenAll(store.Ask(new DeleteRun(run)), store.Ask(new DeleteRun(run)));
        else if ((await store.Ask(new ClaimRun(run, "agent-1", run))).Run is { } granted)
            await Play(store, step, granted);
    }

    static async Task Play(StoreUnderTest store, Step step, GrantedRun granted)
    {
        await store.Report(granted, RunReport.Started);
        if (step == Step.NestedRun)
        {
            var journal = new JournalOfTest();
            _ = journal.Nested("nested");
            await store.Ask(journal.Report(granted));
        }
        else if (step != Step.Take)
        {
            await store.Report(granted, step == Step.Complete ? RunReport.Completed : RunReport.Failed);
        }
    }
}

public sealed class RunCountsOnSqlite : RunCountTests;

[Collection(PostgresqlTests.Name)]
public sealed class RunCountsOnPostgresql(PostgresqlHost host) : RunCountTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}
