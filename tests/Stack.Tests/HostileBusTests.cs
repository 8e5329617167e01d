using System.Text.Json;
using Holoflow.Agent;
using Holoflow.Contracts;
using Holoflow.LogIngest;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.Scheduler;
using Holoflow.Servers;
using Holoflow.StateStore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Holoflow.Stack.Tests;

/// <summary>All services over a real broker and a real database, on a bus that doubles, delays, reorders and denies.</summary>
public sealed class HostileBusTests : IAsyncLifetime
{
    const int Runs = 8;
    const int Tasks = 20;

    /// <summary>What the state store, the scheduler and agents are told; the API's readers are told that something changed, and look themselves.</summary>
    static readonly HashSet<string> HandledEvents = [nameof(AgentCapacityChanged), nameof(DefinitionChanged), nameof(RunControl), nameof(RunOffered), nameof(RunStateChanged)];

    readonly string _home = Directory.CreateTempSubdirectory("holoflow-hostile-").FullName;
    readonly List<IAsyncDisposable> _parts = [];
    readonly List<HostileBus> _buses = [];
    RabbitMqServer? _broker;
    PostgresqlServer? _postgres;
    Database? _database;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var broker = RabbitMqServer.Start();
        _postgres = await PostgresqlServer.Start();
        _broker = await broker;
        _database = Database.At(_postgres.Address);
        await _database.Upgrade(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts.AsEnumerable().Reverse())
            await part.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact(Timeout = 600_000)]
    public async Task Messages_that_come_twice_late_crossed_or_denied_lose_nothing_and_double_nothing()
    {
        var writer = Keep(new DatabaseWriter(_database!));
        var store = Keep(new StateStoreService(await Bus(1), writer, new StateStoreOptions { LeaseDuration = TimeSpan.FromMinutes(2) }, TimeProvider.System, NullLogger<StateStoreService>.Instance));
        await store.StartAsync(Cancellation);
        var logs = Keep(new LogIngestService(await Bus(2), writer, new LogIngestOptions(), TimeProvider.System));
        await logs.StartAsync(Cancellation);
        var scheduler = Keep(new SchedulerService(await Bus(3), _database!, new SchedulerOptions(), TimeProvider.System, NullLogger<SchedulerService>.Instance));
        await scheduler.StartAsync(Cancellation);
        for (var i = 0; i < 2; i++)
        {
            var options = new AgentOptions { Name = $"agent-{i}", Home = Path.Combine(_home, $"{i}"), Queues = ["default"], Slots = 2 };
            Directory.CreateDirectory(options.Home);
            Keep(await FlowAgent.StartAsync(options, await Bus(10 + i), TimeProvider.System, NullLogger.Instance, Cancellation));
        }

        var asker = await Bus(20);
        var runs = new List<Guid>();
        for (var i = 0; i < Runs; i++)
            runs.Add(await Submit(asker));
        await UntilAllEnded();

        Assert.True(_buses.Sum(b => b.Harmed) >= Runs, $"the bus harmed only {_buses.Sum(b => b.Harmed)} messages");
        Assert.Equal([$"Completed|{Runs}"], await Rows("SELECT state_type, COUNT(*) FROM flow_runs GROUP BY 1"));
        Assert.Equal([$"Scheduled,Pending,Running,Completed|{Runs}"], await Rows("SELECT h, COUNT(*) FROM (SELECT string_agg(state_type, ',' ORDER BY version) AS h FROM flow_run_states WHERE state_name <> 'Late' GROUP BY run_id) AS s GROUP BY 1"));
        Assert.Equal([$"Completed|{Runs * (Tasks + 1)}"], await Rows("SELECT state_type, COUNT(*) FROM task_runs GROUP BY 1"));
        Assert.Equal([$"{Runs}|1"], await Rows("SELECT COUNT(*), MAX(run_count) FROM flow_runs WHERE lease_agent IS NULL"));
        Assert.Equal([$"{Runs}|{Runs}"], await Rows("SELECT COUNT(*), COUNT(DISTINCT run_id) FROM log_lines WHERE text LIKE 'the sum is%'"));
        Assert.Equal(runs.Order(), (await Rows("SELECT id FROM flow_runs")).Select(Guid.Parse).Order());

        // What the runs needed no message of: a change of definitions, and a control of a run.
        await Ask(asker, new DefineQueue("other") { ConcurrencyLimit = 1 });
        var (release, started) = (Path.Combine(_home, "release"), Path.Combine(_home, "started"));
        var cancelled = NewRun("WaitForFile", JsonSerializer.Serialize(new { release, started }));
        await Ask(asker, cancelled);
        // The report of its start is held up on its way as any message is: the flow may be quicker.
        await Polling.Until(async () => File.Exists(started) && (await Rows($"SELECT state_type FROM flow_runs WHERE id = '{cancelled.RunId}'"))[0] == "Running");
        await Ask(asker, new CancelRun(cancelled.RunId, "clouds"));
        await UntilAllEnded();
        Assert.Equal(["Scheduled,Pending,Running,Cancelling,Cancelled"], await Rows($"SELECT string_agg(state_type, ',' ORDER BY version) FROM flow_run_states WHERE state_name <> 'Late' AND run_id = '{cancelled.RunId}'"));
        Assert.Single(Directory.GetFiles(_home, "before.*"));
        await Polling.Until(() => Task.FromResult(HandledEvents.IsSubsetOf(_buses.SelectMany(b => b.GivenTwice.Keys))));
    }

    T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }

    async Task<HostileBus> Bus(int seed)
    {
        var real = Keep(await RabbitMqBus.Connect(new RabbitMqOptions { Address = _broker!.Address }, cancellation: Cancellation));
        _buses.Add(new HostileBus(real, seed));
        return _buses[^1];
    }

    static SubmitRun NewRun(string method, string parameters) => new()
    {
        RunId = Guid.CreateVersion7(),
        FlowName = method,
        Program = new RunProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = method },
        Parameters = JsonDocument.Parse(parameters).RootElement,
    };

    static async Task<Guid> Submit(HostileBus bus)
    {
        var run = NewRun("Mapped", $$"""{"count":{{Tasks}}}""");
        await Ask(bus, run);
        return run.RunId;
    }

    static async Task Ask(HostileBus bus, IRequest<CommandAnswered> request)
    {
        while (true)
        {
            try
            {
                var answer = await bus.Request(request, Cancellation);
                Assert.True(answer.Outcome is CommandOutcome.Accepted or CommandOutcome.Ignored, answer.Reason);
                return;
            }
            catch (Exception e) when (e is TimeoutException or MessagingException)
            {
                // It may have arrived: by its id the repeat is known.
            }
        }
    }

    async Task UntilAllEnded()
    {
        await Polling.Until(async () => (await Rows("SELECT COUNT(*) FROM flow_runs WHERE ended_at IS NULL"))[0] == "0");
        await Polling.Until(async () => (await Rows("SELECT COUNT(*) FROM log_lines WHERE text LIKE 'the sum is%'"))[0] == $"{Runs}");
    }

    async Task<List<string>> Rows(string sql)
    {
        await using var connection = (NpgsqlConnection)await _database!.OpenForBulk(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i)))));
        return rows;
    }
}
