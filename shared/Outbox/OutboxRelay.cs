using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence.Writes;
using Microsoft.Extensions.Logging;

namespace Holoflow.Outbox;

/// <summary>
/// Events that are stored in the transaction of the change they tell of, and published once it is durable. What could not be
/// published, or was left by a process that died, is found by a sweep; so an event arrives at least once.
/// </summary>
public sealed class OutboxRelay : IAsyncDisposable
{
    const int MostInMemory = 10_000;
    const string Insert = "INSERT INTO outbox (kind, body, created_at) VALUES ($1, $2, $3) RETURNING position";
    const string Delete = "DELETE FROM outbox WHERE position = $1";
    const string Left = "SELECT position, kind, body FROM outbox WHERE created_at < $1 ORDER BY position LIMIT 1000";
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    readonly IMessageBus _bus;
    readonly DatabaseWriter _writer;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Channel<Stored> _stored = Channel.CreateBounded<Stored>(MostInMemory);
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;

    public OutboxRelay(IMessageBus bus, DatabaseWriter writer, TimeProvider time, ILogger logger)
    {
        _bus = bus;
        _writer = writer;
        _time = time;
        _logger = logger;
        _loop = Task.Run(Loop);
    }

    /// <summary>Stores <paramref name="message"/> with the change that <paramref name="session"/> makes; it is published after the commit.</summary>
    public void Add(WriteSession session, IRouted message)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (kind, body) = OutboxMessages.Serialize(message);
        var position = session.Number(Insert, kind, body, _time.GetUtcNow())!.Value;
        // Where memory's share is used up, the row waits for the sweep.
        session.AfterCommit(() => _stored.Writer.TryWrite(new Stored(position, message)));
    }

    /// <summary>Takes up events that are older than <paramref name="age"/>: their process has died, or had too many. Returns how many.</summary>
    public async Task<int> Sweep(TimeSpan age, CancellationToken cancellation)
    {
        var found = 0;
        await using var session = await _writer.Database.OpenReadSession(cancellation);
        using var rows = session.Query(Left, _time.GetUtcNow() - age);
        while (rows.Next())
        {
            if (OutboxMessages.Deserialize(rows.Text(1), rows.Text(2)) is { } message && _stored.Writer.TryWrite(new Stored(rows.Long(0), message)))
                found++;
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stored.Writer.TryComplete())
            return;
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    async Task Loop()
    {
        var published = new List<long>();
        while (await _stored.Reader.WaitToReadAsync())
        {
            while (published.Count < 1000 && _stored.Reader.TryRead(out var stored))
            {
                if (!await Publish(stored.Message))
                    return;
                published.Add(stored.Position);
            }

            Forget([.. published]);
            published.Clear();
        }
    }

    // Losing the deletion only means that the events are published again.
    void Forget(long[] positions) => _writer.Defer(session =>
    {
        foreach (var position in positions)
            session.Execute(Delete, position);
    });

    /// <summary>False: it was told to stop while the transport would not take the event; the row stays for the next sweep.</summary>
    async Task<bool> Publish(IRouted message)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await OutboxMessages.Publish(_bus, message, CancellationToken.None);
                return true;
            }
            catch (Exception e) when (e is MessagingException or TimeoutException)
            {
                Log.PublishFailed(_logger, message.RoutingKey, e.Message);
            }

            if (_stop.IsCancellationRequested)
                return false;
            await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    readonly record struct Stored(long Position, IRouted Message);
}
