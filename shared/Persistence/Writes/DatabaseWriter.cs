using System.Data.Common;
using System.Threading.Channels;

namespace Holoflow.Persistence.Writes;

/// <summary>
/// The one writer of a process. Writes that arrive while a transaction is being made durable share the next one: a lone
/// write waits for nobody, many cost one flush of the disk together. Each write stands on a savepoint, so that one
/// that fails takes no other with it. A write is answered when it is durable, never before.
/// </summary>
/// <remarks>A write may be run again where the database chose it as the victim of a deadlock: it must change nothing but the database.</remarks>
public sealed class DatabaseWriter : IAsyncDisposable
{
    const int LargestGroup = 512;
    static readonly TimeSpan DeferredFor = TimeSpan.FromMilliseconds(100);
    readonly Channel<PendingWrite> _pending = Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });
    readonly Lock _deferredLock = new();
    readonly ITimer _deferredTimer;
    readonly WriterConnection _connection;
    readonly Task _loop;
    List<PendingWrite> _deferred = [];

    public DatabaseWriter(Database database, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        Database = database;
        _connection = new WriterConnection(database.Engine);
        _deferredTimer = (time ?? TimeProvider.System).CreateTimer(_ => FlushDeferred(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(Loop);
    }

    public Database Database { get; }

    /// <summary>How many transactions were committed, to see how well writes group.</summary>
    public long Commits { get; private set; }

    /// <summary>Runs <paramref name="write"/> in the next group and returns its value once that is durable.</summary>
    /// <exception cref="DatabaseException">The database could not keep it; nothing of it was kept.</exception>
    /// <exception cref="ObjectDisposedException">The writer has been stopped.</exception>
    public Task<T> Write<T>(Func<WriteSession, T> write, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        var pending = new PendingWrite<T>(write, cancellation);
        return _pending.Writer.TryWrite(pending) ? pending.Answer : Task.FromException<T>(new ObjectDisposedException(nameof(DatabaseWriter)));
    }

    /// <summary>Runs <paramref name="write"/> with whatever group comes next, or by itself soon. It may be lost with the process.</summary>
    public void Defer(Action<WriteSession> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        lock (_deferredLock)
        {
            _deferred.Add(new PendingWrite<bool>(
                session =>
                {
                    write(session);
                    return true;
                },
                CancellationToken.None));
            if (_deferred.Count == 1)
                _deferredTimer.Change(DeferredFor, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Carries out what was asked for, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _deferredTimer.DisposeAsync();
        FlushDeferred();
        if (!_pending.Writer.TryComplete())
            return;
        await _loop;
        await _connection.DisposeAsync();
    }

    void FlushDeferred()
    {
        foreach (var write in TakeDeferred())
            _pending.Writer.TryWrite(write);
    }

    List<PendingWrite> TakeDeferred()
    {
        lock (_deferredLock)
        {
            if (_deferred.Count == 0)
                return [];
            var taken = _deferred;
            _deferred = [];
            return taken;
        }
    }

    async Task Loop()
    {
        var group = new List<PendingWrite>();
        while (await _pending.Reader.WaitToReadAsync())
        {
            while (group.Count < LargestGroup && _pending.Reader.TryRead(out var write))
                group.Add(write);
            group.AddRange(TakeDeferred());
            group.RemoveAll(w => w.IsAbandoned());
            if (group.Count > 0)
                await Commit(group);
            group.Clear();
        }
    }

    async Task Commit(List<PendingWrite> group)
    {
        try
        {
            await _connection.Commit(group);
            Commits++;
            foreach (var write in group)
                write.Complete();
        }
        catch (Exception e)
        {
            var told = e is DbException database ? Database.Engine.Explain(database) ?? e : e;
            foreach (var write in group)
                write.Fail(told);
        }
    }
}
