using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>
/// Every request of the state store, delivered twice, and once more after a crash between the commit and the acknowledgement: shared/Outbox/README.md
/// says of each what makes that harmless.
/// </summary>
public abstract class RedeliveryTests : StoreTests
{
    static readonly string[] Tables =
    [
        "flows", "work_queues", "deployments", "schedules", "flow_runs", "flow_run_states", "flow_run_contents", "flow_run_tags", "flow_run_parameters", "task_runs", "task_run_states",
        "task_edges", "progress", "artifacts", "concurrency_limits", "concurrency_slots", "slot_requests", "slot_waits", "api_tokens", "inbox", "allocations", "run_counts", "run_hours", "notification_rules", "notification_deliveries",
    ];

    static readonly DateTimeOffset Start0 = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    static readonly Dictionary<Type, Func<StoreUnderTest, Task<object>>> Prepared = new()
    {
        [typeof(SubmitRun)] = store => Is(store.NewRun() with { IdempotencyKey = "once", Tags = ["a"] }),
        [typeof(ClaimRun)] = async store => new ClaimRun(await Submitted(store), "agent-1", Guid.CreateVersion7()),
        [typeof(ReportRun)] = async store => Report(await store.Started(store.NewRun(program: Retried)), RunReport.Failed),
        [typeof(ReportTasks)] = async store => Tasks(await store.Started()),
        [typeof(RenewLeases)] = async store => new RenewLeases("agent-1", [new HeldRun((await store.Started()).RunId, 1)]),
        [typeof(CancelRun)] = async store => new CancelRun((await store.Started()).RunId, "clouds"),
        [typeof(PauseRun)] = async store => new PauseRun((await store.Started()).RunId, "clouds"),
        [typeof(ResumeRun)] = async store => new ResumeRun(await Paused(store)),
        [typeof(RerunRun)] = async store => new RerunRun(await Failed(store), "again"),
        [typeof(DeleteRun)] = async store => new DeleteRun(await Failed(store)),
        [typeof(DefineDeployment)] = _ => Is(Deployment("first")),
        [typeof(DeleteDeployment)] = async store => new DeleteDeployment(await Deployed(store)),
        [typeof(DefineSchedules)] = async store => new DefineSchedules(await Deployed(store), [new ScheduleDefinition { IntervalSeconds = 60 }]),
        [typeof(SetSchedulesActive)] = async store => new SetSchedulesActive(await Deployed(store), false),
        [typeof(ScheduleAdvanced)] = async store => new ScheduleAdvanced(await Scheduled(store), Start0.AddHours(1)),
        [typeof(DefineQueue)] = _ => Is(new DefineQueue("big") { Paused = true }),
        [typeof(DeleteQueue)] = async store =>
        {
            await store.Ask(new DefineQueue("big"));
            return new DeleteQueue("big");
        },
        [typeof(SetConcurrencyLimit)] = _ => Is(new SetConcurrencyLimit("gpu", 2)),
        [typeof(DeleteConcurrencyLimit)] = async store =>
        {
            await store.Ask(new SetConcurrencyLimit("gpu", 2));
            return new DeleteConcurrencyLimit("gpu");
        },
        [typeof(DefineApiToken)] = _ => Is(Token()),
        [typeof(RevokeApiToken)] = async store =>
        {
            var token = Token();
            await store.Ask(token);
            return new RevokeApiToken(token.TokenId);
        },
        [typeof(EnrollAgent)] = async store =>
        {
            var code = Token() with { Scope = "enroll", ExpiresAt = Start0.AddHours(1) };
            await store.Ask(code);
            return new EnrollAgent(code.TokenId, Guid.CreateVersion7(), new string('b', 64));
        },
        [typeof(ImportRows)] = async _ => (await ExportedRun.Made()).Beforehand[0],
        [typeof(ImportRun)] = async store => await (await ExportedRun.Made()).Begun(store),
        [typeof(ForgetImport)] = async store => new ForgetImport([(await (await ExportedRun.Made()).Begun(store)).RunId]),
        [typeof(DefineNotification)] = _ => Is(Notification()),
        [typeof(DeleteNotification)] = async store =>
        {
            await store.Ask(Notification());
            return new DeleteNotification("told");
        },
        [typeof(TestNotification)] = async store =>
        {
            await store.Ask(Notification());
            return new TestNotification("told", Guid.CreateVersion7());
        },
        [typeof(SweepRuns)] = async store =>
        {
            await store.Started();
            ((ManualTime)store.Time).Advance(TimeSpan.FromMinutes(1));
            return new SweepRuns();
        },
    };

    static RunProgram Retried => new() { Path = "/opt/flows/observe.dll", Retries = 5 };

    public static TheoryData<string> Requests => [.. Prepared.Keys.Select(type => type.Name)];

    [Fact]
    public void Every_request_of_the_state_store_is_delivered_twice_here() => Assert.Equal(
        typeof(MessageAttribute).Assembly.GetTypes()
            .Where(t => !t.IsAssignableTo(typeof(IBulk)) && t is { IsClass: true } && Array.Exists(t.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)))
            .Where(t => MessageName.Pinned(t).Address != Addresses.Logs)
            .Select(t => t.Name).Order(StringComparer.Ordinal),
        Prepared.Keys.Select(t => t.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_comes_again_changes_nothing_more(string name)
    {
        var time = new ManualTime(Start0);
        await using var store = await Start(new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time);
        var request = await Prepared.First(p => p.Key.Name == name).Value(store);
        var before = await Contents(store);
        await Deliver(store, request);
        var after = await Contents(store);
        if (name is not nameof(RenewLeases))
            Assert.NotEqual(before, after);
        await Deliver(store, request);
        Assert.Equal(after, await Contents(store));

        // The answer and the acknowledgement died with the process; its successor gets the message.
        await store.Service.DisposeAsync();
        await using var next = new StateStoreService(store.Bus, store.Writer, new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time, NullLogger<StateStoreService>.Instance);
        await next.StartAsync(TestContext.Current.CancellationToken);
        await Deliver(store, request);
        Assert.Equal(after, await Contents(store));
    }

    [Fact]
    public async Task A_command_that_comes_again_late_undoes_nothing_that_was_asked_for_since()
    {
        await using var store = await Start();
        var pause = new DefineQueue("big") { Paused = true };
        await store.Ask(pause);
        await store.Ask(new DefineQueue("big") { Paused = false });
        var again = await store.Ask(pause);
        Assert.Equal((CommandOutcome.Ignored, "it was carried out already", 1L), (again.Outcome, again.Reason, again.Version));
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM work_queues WHERE name = 'big' AND paused"));

        var run = await Failed(store);
        var rerun = new RerunRun(run, "again");
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(rerun)).Outcome);
        await store.Ask(new CancelRun(run, "no"));
        Assert.Equal(CommandOutcome.Ignored, (await store.Ask(rerun)).Outcome);
        Assert.Equal("Cancelled", await store.Scalar("SELECT state_type FROM flow_runs"));
        // One that means it anew is heard.
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new RerunRun(run, "again"))).Outcome);
    }

    [Fact]
    public async Task A_command_that_was_refused_may_be_asked_again_and_what_was_carried_out_is_forgotten_after_a_day()
    {
        var time = new ManualTime(Start0);
        await using var store = await Start(new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time);
        var delete = new DeleteConcurrencyLimit("gpu");
        Assert.Equal(CommandOutcome.NotFound, (await store.Ask(delete)).Outcome);
        await store.Ask(new SetConcurrencyLimit("gpu", 1));
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(delete)).Outcome);
        Assert.Equal(2L, await store.Scalar("SELECT COUNT(*) FROM inbox"));
        time.Advance(TimeSpan.FromHours(25));
        await store.Ask(new SweepRuns());
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM inbox"));
    }

    static async Task Deliver(StoreUnderTest store, object request)
    {
        var answer = request.GetType().GetInterfaces().First(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)).GetGenericArguments()[0];
        var ask = typeof(StoreUnderTest).GetMethod(nameof(StoreUnderTest.Ask))!.MakeGenericMethod(answer);
        await (Task)ask.Invoke(store, [request])!;
    }

    static async Task<string> Contents(StoreUnderTest store)
    {
        var all = new List<string>();
        foreach (var table in Tables)
            all.AddRange((await store.Rows($"SELECT * FROM {table}")).Order(StringComparer.Ordinal).Select(row => $"{table}: {row}"));
        return string.Join('\n', all);
    }

    static Task<object> Is(object request) => Task.FromResult(request);

    static async Task<Guid> Submitted(StoreUnderTest store)
    {
        var run = store.NewRun();
        await store.Ask(run);
        return run.RunId;
    }

    static async Task<Guid> Paused(StoreUnderTest store)
    {
        var run = (await store.Started()).RunId;
        await store.Ask(new PauseRun(run, null));
        return run;
    }

    static async Task<Guid> Failed(StoreUnderTest store)
    {
        var run = await store.Started();
        await store.Report(run, RunReport.Failed);
        return run.RunId;
    }

    static ReportRun Report(GrantedRun run, RunReport report) => new() { RunId = run.RunId, AgentId = "agent-1", Epoch = run.Epoch, Report = report, At = Start0 };

    static ReportTasks Tasks(GrantedRun run)
    {
        var journal = new JournalOfTest();
        journal.Changed(journal.Created("fit-1"), "Running");
        journal.Nested("inner");
        journal.Add(RunEventKind.SlotsWanted);
        journal.Replace(e => e with { Subject = Guid.CreateVersion7(), Tags = ["gpu"] });
        return journal.Report(run);
    }

    static DefineDeployment Deployment(string name) => new()
    {
        FlowName = "observe",
        Name = name,
        Program = new RunProgram { Path = "/opt/flows/observe.dll" },
        ParameterSchema = StoreUnderTest.Json("{}"),
        Parameters = StoreUnderTest.Json("{}"),
        Queue = "default",
        Infrastructure = "process",
        Schedules = [new ScheduleDefinition { IntervalSeconds = 3600 }],
    };

    static async Task<Guid> Deployed(StoreUnderTest store) => (await store.Ask(Deployment("kept"))).Id!.Value;

    static async Task<Guid> Scheduled(StoreUnderTest store)
    {
        await Deployed(store);
        await using var session = await store.Database.OpenReadSession(TestContext.Current.CancellationToken);
        using var rows = session.Query("SELECT id FROM schedules");
        Assert.True(rows.Next());
        return rows.Id(0);
    }

    static DefineNotification Notification() => new() { Name = "told", States = ["Failed"], Target = "webhook", Address = "https://chat.example.org/hooks/1" };

    static DefineApiToken Token() => new() { TokenId = Guid.CreateVersion7(), Name = "robot", Hash = new string('a', 64), Scope = "read" };
}
