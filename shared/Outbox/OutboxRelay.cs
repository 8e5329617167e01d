using System.Data.Common;
using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Microsoft.Extensions.Logging;

namespace Holoflow.Outbox;

/// <summary>
/// Events that are stored in the transaction of the change they tell of, and published once it is durable: the commit itself wakes their
/// publication. It wakes the relays of other processes as well: what its own could not publish within a moment, because it died or its broker is away
/// from it, they do. A sweep now and then is a safety net; so an event arrives at least once.
/// </summary>
public sealed class OutboxRelay : IAsyncDisposable
{
    const int MostInMemory = 10_000;
    const int MostAtOnce = 256;
    const string Insert = "INSERT INTO outbox (kind, body, created_at) VALUES ($1, $2, $3) RETURNING position";

    // Positions come in the order of the rows.
    const string InsertAll = "INSERT INTO outbox (kind, body, created_at) SELECT kind, body, created_at FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS e (kind, body, created_at, place) ORDER BY place RETURNING position";
    const string Delete = "DELETE FROM outbox WHERE position = $1";
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    readonly OutboxPublisher _publisher;
    readonly OutboxSweep _sweep;
    readonly OutboxBell? _bell;
    readonly TimeSpan _grace;
    readonly Action<WriteSession, IReadOnlyList<EventToStore>> _store;
    readonly DatabaseWriter _writer;
    readonly TimeSpan _age;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Channel<StoredEvent> _stored = Channel.CreateBounded<StoredEvent>(MostInMemory);
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;
    Task _sweeps = Task.CompletedTask;
    Task _listening = Task.CompletedTask;
    long _rungIn;

    /// <param name="bus">Where events go.</param>
    /// <param name="writer">The process's one writer.</param>
    /// <param name="age">How old an event must be before a sweep takes it for left behind; and the time between two sweeps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where faults are told.</param>
    /// <param name="grace">How long another process that has just stored an event has to publish it itself; null: two seconds.</param>
    public OutboxRelay(IMessageBus bus, DatabaseWriter writer, TimeSpan age, TimeProvider time, ILogger logger, TimeSpan? grace = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _grace = grace ?? TimeSpan.FromSeconds(2);
        _bell = writer.Database.Provider == DatabaseProvider.Postgresql ? new OutboxBell(writer.Database, time, logger) : null;
        _writer = writer;
        _age = age;
        _time = time;
        _logger = logger;
        _store = Store;
        _publisher = new OutboxPublisher(bus, logger);
        _sweep = new OutboxSweep(_publisher, writer, time);
        _loop = Task.Run(Loop);
    }

    /// <summary>Looks from now on for events that were left behind; those of an earlier process first.</summary>
    public void StartSweeping()
    {
        _listening = _bell is null ? Task.CompletedTask : Task.Run(() => _bell.Listen(_stop.Token));
        _sweeps = Task.Run(Sweeps);
    }

    /// <summary>Stores <paramref name="message"/> with the change that <paramref name="session"/> makes; it is published after the commit.</summary>
    public void Add(WriteSession session, IRouted message)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (kind, body) = OutboxMessages.Serialize(message);
        if (_bell is not null && _rungIn != session.Transaction)
        {
            _rungIn = session.Transaction;
            session.Post(_bell.Ring);
        }

        session.Gather(_store, new EventToStore(kind, body, _time.GetUtcNow(), message));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stored.Writer.TryComplete())
            return;
        await _stop.CancelAsync();
        await _loop;
        await _sweeps;
        await _listening;
        _stop.Dispose();
    }

    void Store(WriteSession session, IReadOnlyList<EventToStore> events)
    {
        var positions = session.Provider == DatabaseProvider.Postgresql
            ? session.Query(InsertAll, events.Select(e => e.Kind).ToArray(), events.Select(e => e.Body).ToArray(), events.Select(e => Microseconds.Of(e.At)).ToArray()).ReadAll(rows => rows.Long(0))
            : [.. events.Select(e => session.Number(Insert, e.Kind, e.Body, e.At)!.Value)];
        // Where memory's share is used up, the row waits for the sweep.
        foreach (var (position, stored) in positions.Zip(events))
            session.AfterCommit(() => _stored.Writer.TryWrite(new StoredEvent(position, stored.Message)));
    }

    async Task Loop()
    {
        var batch = new List<StoredEvent>();
        while (await _stored.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostAtOnce && _stored.Reader.TryRead(out var stored))
                batch.Add(stored);
            Forget(await PublishAll(batch));
            batch.Clear();
        }
    }

    // Losing the deletion only means that the events are published again.
    void Forget(IReadOnlyList<long> positions) => _writer.Defer(session =>
    {
        foreach (var position in positions)
            session.Post(Delete, position);
    });

    /// <summary>Publishes until all are, or until it is told to stop: what is left then stays in its row. The positions of those that are.</summary>
    async Task<IReadOnlyList<long>> PublishAll(IReadOnlyList<StoredEvent> batch)
    {
        var published = new List<long>();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var now = await _publisher.Publish(batch);
            published.AddRange(now);
            if (now.Count == batch.Count || _stop.IsCancellationRequested)
                return published;
            batch = [.. batch.Where(e => !now.Contains(e.Position))];
            await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Sweeps()
    {
        var age = _age;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var found = await _sweep.RunOnce(age, _stop.Token);
                if (found > 0)
                    Log.Swept(_logger, found);
            }
            catch (Exception e) when (e is DbException or DatabaseException)
            {
                Log.SweepFailed(_logger, e.Message);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }

            age = await Rung() is { } at ? _time.GetUtcNow() - at : _age;
        }
    }

    // When another rang: all that he rang for was stored before. Null: nobody did. Whoever stored it publishes it himself, if he lives and the broker is there for him.
    async Task<DateTimeOffset?> Rung()
    {
        DateTimeOffset? at = null;
        try
        {
            if (_bell is null)
            {
                await Task.Delay(_age, _time, _stop.Token);
            }
            else if (await _bell.Wait(_age, _stop.Token))
            {
                at = _time.GetUtcNow();
                await Task.Delay(_grace, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The loop ends.
        }

        return at;
    }

    sealed record EventToStore(string Kind, string Body, DateTimeOffset At, IRouted Message);
}
