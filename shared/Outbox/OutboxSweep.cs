using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Npgsql;

namespace Holoflow.Outbox;

/// <summary>
/// Finds events that were left behind and publishes them, batch by batch. On PostgreSQL a batch is claimed by its row locks: processes that sweep
/// at once take different ones, and the claim of one that dies ends with its connection.
/// </summary>
sealed class OutboxSweep(OutboxPublisher publisher, DatabaseWriter writer, TimeProvider time)
{
    const int Batch = 500;
    const string Delete = "DELETE FROM outbox WHERE position = $1";
    const string DeleteAll = "DELETE FROM outbox WHERE position = ANY($1)";

    // The oldest first, then those of them that are old enough: a search for old ones among many young would read them all.
    const string Left = "SELECT position, kind, body FROM (SELECT position, kind, body, created_at FROM outbox WHERE position > $1 ORDER BY position LIMIT 500) AS o WHERE created_at < $2 ORDER BY position";
    const string Claim = "SELECT position, kind, body FROM (SELECT position, kind, body, created_at FROM outbox WHERE position > $1 ORDER BY position LIMIT 500 FOR UPDATE SKIP LOCKED) AS o WHERE created_at < $2 ORDER BY position";

    /// <summary>How often the rows that could not be read are looked at again: only a newer program can read them.</summary>
    static readonly TimeSpan FromTheStart = TimeSpan.FromMinutes(10);

    long _after;
    DateTimeOffset _startedAt;

    /// <summary>One pass: until no old event is left, or the transport takes none. How many were published.</summary>
    public async Task<int> RunOnce(TimeSpan age, CancellationToken cancellation)
    {
        if (time.GetUtcNow() - _startedAt > FromTheStart)
            (_after, _startedAt) = (0, time.GetUtcNow());
        var published = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var before = time.GetUtcNow() - age;
            var (found, sent) = writer.Database.Provider == DatabaseProvider.Postgresql ? await ClaimAndPublish(before, cancellation) : await ReadAndPublish(before, cancellation);
            published += sent;
            if (found < Batch)
                break;
        }

        return published;
    }

    async Task<(int Found, int Published)> ClaimAndPublish(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var connection = (NpgsqlConnection)await writer.Database.OpenForBulk(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var rows = new List<(long, string, string)>();
        await using (var claim = new NpgsqlCommand(Claim, connection) { Parameters = { new() { Value = _after }, new() { Value = Microseconds.Of(before) } } })
        await using (var reader = await claim.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        }

        var (published, isAll) = await Publish(rows);
        await using var delete = new NpgsqlCommand(DeleteAll, connection) { Parameters = { new() { Value = published.ToArray() } } };
        await delete.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return (isAll ? rows.Count : 0, published.Count);
    }

    async Task<(int Found, int Published)> ReadAndPublish(DateTimeOffset before, CancellationToken cancellation)
    {
        var rows = new List<(long, string, string)>();
        await using (var session = await writer.Database.OpenReadSession(cancellation))
        {
            using var found = session.Query(Left, _after, before);
            while (found.Next())
                rows.Add((found.Long(0), found.Text(1), found.Text(2)));
        }

        var (published, isAll) = await Publish(rows);
        if (published.Count > 0)
            await writer.Write(session => published.Sum(position => session.Execute(Delete, position)), CancellationToken.None);
        return (isAll ? rows.Count : 0, published.Count);
    }

    // What is of a kind that this program does not know stays, and is passed by.
    async Task<(IReadOnlyList<long> Published, bool IsAll)> Publish(IReadOnlyList<(long Position, string Kind, string Body)> rows)
    {
        var events = new List<StoredEvent>();
        foreach (var row in rows)
        {
            if (OutboxMessages.Deserialize(row.Kind, row.Body) is { } message)
                events.Add(new StoredEvent(row.Position, message));
        }

        var published = await publisher.Publish(events);
        var isAll = published.Count == events.Count;
        if (events.Count == 0 && rows.Count > 0)
            _after = rows[^1].Position;
        return (published, isAll);
    }
}
