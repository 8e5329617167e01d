using System.Data.Common;
using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Npgsql;

namespace Holoflow.LogIngest.Copy;

/// <summary>
/// Lines by binary COPY on PostgreSQL: chunks that arrive while a batch is made durable share the next one. A batch is all there or not at
/// all, and a chunk that comes again finds its lines there.
/// </summary>
sealed class CopyLogStore : ILogStore
{
    const int MostChunks = 64;

    readonly Database _database;
    readonly LogIngestOptions _options;
    readonly TimeProvider _time;
    readonly Channel<PendingChunk> _pending = Channel.CreateBounded<PendingChunk>(MostChunks * 4);
    readonly Task _loop;
    NpgsqlConnection? _connection;

    public CopyLogStore(Database database, LogIngestOptions options, TimeProvider time)
    {
        (_database, _options, _time) = (database, options, time);
        _loop = Task.Run(Loop);
    }

    public async Task<int?> Store(LogChunk chunk, CancellationToken cancellation)
    {
        var pending = new PendingChunk(chunk);
        await _pending.Writer.WriteAsync(pending, cancellation);
        return await pending.Stored.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _loop;
        await Close();
    }

    async Task Loop()
    {
        var batch = new List<PendingChunk>();
        while (await _pending.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostChunks && _pending.Reader.TryRead(out var chunk))
                batch.Add(chunk);
            await Store(batch);
            batch.Clear();
        }
    }

    async Task Store(IReadOnlyList<PendingChunk> batch)
    {
        try
        {
            await Commit(batch);
        }
        catch (Exception e) when (batch.Count > 1 && e is PostgresException { Severity: "ERROR" })
        {
            // One chunk holds what the database does not take: the others go without it.
            foreach (var chunk in batch)
                await Store([chunk]);
        }
        catch (Exception e)
        {
            foreach (var chunk in batch)
                chunk.Fail(e);
        }
    }

    async Task Commit(IReadOnlyList<PendingChunk> batch)
    {
        try
        {
            _connection ??= (NpgsqlConnection)await _database.OpenForBulk();
            var stored = await new CopyBatch(_connection, _options, _time).Store([.. batch.Select(p => p.Chunk)]);
            var told = new HashSet<Guid>();
            foreach (var chunk in batch)
            {
                int? lines = stored.TryGetValue(chunk.Chunk.RunId, out var count) ? told.Add(chunk.Chunk.RunId) ? count : 0 : null;
                chunk.Complete(lines);
            }
        }
        catch (Exception e)
        {
            // Whatever it was, a fresh connection carries no half of it.
            await Close();
            if (e is DbException fault && _database.Explain(fault) is { } known)
                throw known;
            throw;
        }
    }

    async Task Close()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }
}
