using System.Collections.Concurrent;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Outbox;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Holoflow.StateStore.Tests.Runs;

/// <summary>Events that were stored and not published, on PostgreSQL, where several processes share them.</summary>
[Collection(PostgresqlTests.Name)]
public sealed class OutboxTests(PostgresqlHost host)
{
    static readonly TimeSpan NeverBySelf = TimeSpan.FromDays(1);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_left_behind_are_shared_by_those_who_sweep_and_each_is_published_once()
    {
        await using var left = await LeftBehind.In(host);
        await left.Leave(5_000, "'run-control'", """'{"AgentId":"a","RunId":"019cb000-0000-7000-8000-000000000000","Epoch":' || n || ',"Wanted":0}'""");
        var bus = new RecordingBus();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => left.Sweep(bus)));

        Assert.Equal(5_000, bus.Published.Count);
        Assert.Equal(5_000, bus.Published.Distinct().Count());
        Assert.Equal(0, await left.Count());
    }

    [Fact]
    public async Task What_the_transport_does_not_take_stays_and_a_claim_that_dies_is_free_again()
    {
        await using var left = await LeftBehind.In(host);
        await left.Leave(700, "'run-control'", """'{"AgentId":"a","RunId":"019cb000-0000-7000-8000-000000000000","Epoch":' || n || ',"Wanted":0}'""");
        var bus = new RecordingBus { Refuses = epoch => epoch % 2 == 0 };
        Assert.Equal(250, await left.Sweep(bus));
        Assert.Equal(450, await left.Count());

        bus.Refuses = _ => false;
        Assert.Equal(450, await left.Sweep(bus));
        Assert.Equal(700, bus.Published.Distinct().Count());
    }

    [Fact]
    public async Task A_million_stuck_rows_keep_no_event_from_its_receivers()
    {
        await using var store = await host.Start(new StateStoreOptions { OutboxAge = NeverBySelf }, null);
        await LeftBehind.Leave(store.Database, 1_000_000, "'of-a-newer-program'", "'{}'");
        var told = new ConcurrentQueue<string>();
        var done = new TaskCompletionSource();
        await using var listening = store.Bus.Subscribe<RunStateChanged>(new Subscription("run.#"), (changed, _) =>
        {
            told.Enqueue(changed.StateType);
            if (changed.StateType == "Completed")
                done.TrySetResult();
            return ValueTask.CompletedTask;
        });
        var run = await store.Started();
        await store.Report(run, RunReport.Completed);
        await done.Task.WaitAsync(Cancellation);
        // One may come twice: a sweep publishes what is not known to be published yet.
        Assert.Equal(["Scheduled", "Pending", "Running", "Completed"], told.Distinct());
    }

    [Fact]
    public async Task A_sweep_passes_by_a_million_stuck_rows()
    {
        await using var left = await LeftBehind.In(host);
        await left.Leave(1_000_000, "'of-a-newer-program'", "'{}'");
        await left.Leave(10, "'run-control'", """'{"AgentId":"a","RunId":"019cb000-0000-7000-8000-000000000000","Epoch":' || n || ',"Wanted":0}'""");
        var bus = new RecordingBus();
        Assert.Equal(10, await left.Sweep(bus));
        Assert.Equal(1_000_000, await left.Count());
    }

    [Fact]
    public async Task What_one_process_cannot_publish_another_does_when_it_is_notified_without_a_sweep()
    {
        var database = await host.CreateDatabase();
        await database.Upgrade(Cancellation);
        var (cut, whole) = (new RecordingBus { Refuses = _ => true }, new RecordingBus());
        await using var writer = new DatabaseWriter(database);
        await using var otherWriter = new DatabaseWriter(database);
        await using var dead = new OutboxRelay(cut, writer, NeverBySelf, TimeProvider.System, NullLogger.Instance);
        await using var other = new OutboxRelay(whole, otherWriter, NeverBySelf, TimeProvider.System, NullLogger.Instance, grace: TimeSpan.FromMilliseconds(50));
        other.StartSweeping();
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var number = epoch;
            await writer.Write(
                session =>
                {
                    dead.Add(session, new RunControl("a", Guid.Empty, number, WantedOfRun.Run, null));
                    return true;
                },
                Cancellation);
            await whole.Until(number);
        }

        Assert.Equal([1L, 2L, 3L], whole.Published.Distinct());
        Assert.Empty(cut.Published);
    }

    /// <summary>Events that a process left behind, and nobody but the test to sweep them.</summary>
    sealed class LeftBehind(Database database) : IAsyncDisposable
    {
        readonly DatabaseWriter _writer = new(database);

        public static async Task<LeftBehind> In(PostgresqlHost host)
        {
            var database = await host.CreateDatabase();
            await database.Upgrade(Cancellation);
            return new LeftBehind(database);
        }

        public static async Task Leave(Database database, int count, string kind, string body)
        {
            await using var connection = (NpgsqlConnection)await database.OpenForBulk(Cancellation);
            var anHourAgo = (TimeProvider.System.GetUtcNow().AddHours(-1) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            await using var insert = new NpgsqlCommand($"INSERT INTO outbox (kind, body, created_at) SELECT {kind}, {body}, {anHourAgo} FROM generate_series(1, {count}) AS n", connection) { CommandTimeout = 0 };
            await insert.ExecuteNonQueryAsync(Cancellation);
        }

        public Task Leave(int count, string kind, string body) => Leave(database, count, kind, body);

        public Task<int> Sweep(IMessageBus bus) =>
            new OutboxSweep(new OutboxPublisher(bus, NullLogger.Instance), _writer, TimeProvider.System).RunOnce(TimeSpan.FromSeconds(10), Cancellation);

        public async Task<long> Count()
        {
            await using var session = await database.OpenReadSession(Cancellation);
            return session.Number("SELECT COUNT(*) FROM outbox")!.Value;
        }

        public ValueTask DisposeAsync() => _writer.DisposeAsync();
    }

    /// <summary>Takes what is published, but for what it refuses.</summary>
    sealed class RecordingBus : IMessageBus
    {
        public ConcurrentQueue<long> Published { get; } = new();

        readonly SemaphoreSlim _heard = new(0);

        /// <summary>Waits until it was published.</summary>
        public async Task Until(long epoch)
        {
            while (!Published.Contains(epoch))
                await _heard.WaitAsync(Cancellation);
        }

        public Func<long, bool> Refuses { get; set; } = _ => false;

        public ValueTask Publish<TEvent>(TEvent message, CancellationToken cancellation = default)
            where TEvent : class, IRouted
        {
            var epoch = ((RunControl)(object)message).Epoch;
            if (Refuses(epoch))
                throw new MessagingException("the broker is away");
            Published.Enqueue(epoch);
            _heard.Release();
            return ValueTask.CompletedTask;
        }

        public ValueTask<TAnswer> Request<TAnswer>(IRequest<TAnswer> request, CancellationToken cancellation = default)
            where TAnswer : class => throw new NotSupportedException();

        public IAsyncDisposable Handle<TRequest, TAnswer>(Func<TRequest, CancellationToken, ValueTask<TAnswer>> handler)
            where TRequest : class, IRequest<TAnswer>
            where TAnswer : class => throw new NotSupportedException();

        public ISubscription Subscribe<TEvent>(Subscription subscription, Func<TEvent, CancellationToken, ValueTask> handler)
            where TEvent : class, IRouted => throw new NotSupportedException();
    }
}
