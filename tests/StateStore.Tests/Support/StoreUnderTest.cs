using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Messaging.InProcess;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Support;

/// <summary>A state store on a database of its own, spoken to by its messages.</summary>
sealed class StoreUnderTest : IAsyncDisposable
{
    readonly IAsyncDisposable? _place;

    StoreUnderTest(Database database, IAsyncDisposable? place, IMessageBus bus, StateStoreOptions options, TimeProvider time)
    {
        Bus = bus;
        Database = database;
        _place = place;
        Time = time;
        Writer = new DatabaseWriter(database);
        Service = new StateStoreService(Bus, Writer, options, time, NullLogger<StateStoreService>.Instance);
    }

    public IMessageBus Bus { get; }

    public DatabaseWriter Writer { get; }

    public StateStoreService Service { get; }

    public TimeProvider Time { get; }

    public Database Database { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null)
    {
        var file = new TemporaryStore();
        return Start(file.Database, file, options, time);
    }

    public static async Task<StoreUnderTest> Start(Database database, IAsyncDisposable? place, StateStoreOptions? options, TimeProvider? time, IMessageBus? bus = null)
    {
        await database.Upgrade(Cancellation);
        var store = new StoreUnderTest(database, place, bus ?? new InProcessBus(), options ?? new StateStoreOptions(), time ?? TimeProvider.System);
        await store.Service.StartAsync(Cancellation);
        return store;
    }

    /// <summary>Has an agent tell of itself, as it does every few seconds, until <paramref name="done"/>: over a broker the first may come before the scheduler listens.</summary>
    public async Task<T> Announced<T>(AgentCapacityChanged agent, Task<T> done)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var sequence = 1; !done.IsCompleted; sequence++)
        {
            await Bus.Publish(agent with { Sequence = sequence }, Cancellation);
            await Task.WhenAny(done, tick.WaitForNextTickAsync(Cancellation).AsTask());
        }

        return await done;
    }

    public async Task<TAnswer> Ask<TAnswer>(IRequest<TAnswer> request)
        where TAnswer : class => await Bus.Request(request, Cancellation);

    /// <summary>A run of a program without a deployment.</summary>
    public SubmitRun NewRun(string flow = "observe", string parameters = "{}", RunProgram? program = null) => new()
    {
        RunId = Guid.CreateVersion7(Time.GetUtcNow()),
        FlowName = flow,
        Program = program ?? new RunProgram { Path = "/opt/flows/observe.dll" },
        Parameters = Json(parameters),
    };

    /// <summary>Submits a run and claims it.</summary>
    public async Task<GrantedRun> Granted(SubmitRun? run = null, string agent = "agent-1")
    {
        run ??= NewRun();
        Assert.Equal(CommandOutcome.Accepted, (await Ask(run)).Outcome);
        var answer = await Ask(new ClaimRun(run.RunId, agent, Guid.CreateVersion7(Time.GetUtcNow())));
        Assert.True(answer.Granted, answer.Reason);
        return answer.Run!;
    }

    /// <summary>Submits a run, claims and starts it.</summary>
    public async Task<GrantedRun> Started(SubmitRun? run = null, string agent = "agent-1")
    {
        var granted = await Granted(run, agent);
        Assert.Equal(CommandOutcome.Accepted, (await Report(granted, RunReport.Started, agent: agent)).Outcome);
        return granted;
    }

    public Task<CommandAnswered> Report(GrantedRun run, RunReport report, string? message = null, string agent = "agent-1") =>
        Ask(new ReportRun { RunId = run.RunId, AgentId = agent, Epoch = run.Epoch, Report = report, Message = message });

    /// <summary>The first column of the first row of a question to the database.</summary>
    public async Task<object?> Scalar(string sql)
    {
        await using var connection = await Database.OpenForReading(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancellation);
    }

    /// <summary>All rows of a question, columns joined by a bar, in the order asked for.</summary>
    public async Task<IReadOnlyList<string>> Rows(string sql)
    {
        await using var connection = await Database.OpenForReading(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i)))));
        return rows;
    }

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Writer.DisposeAsync();
        if (Bus is IAsyncDisposable bus)
            await bus.DisposeAsync();
        if (_place is not null)
            await _place.DisposeAsync();
    }
}
