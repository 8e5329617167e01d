using System.Data.Common;

namespace Holoflow.Persistence.Writes;

/// <summary>The writer's connection: opened when first needed, opened again after it broke.</summary>
sealed class WriterConnection(IDatabaseEngine engine) : IAsyncDisposable
{
    const string Savepoint = "one_write";
    DbConnection? _connection;
    WriteSession? _session;

    /// <summary>Runs the group in one transaction and commits it.</summary>
    public async Task Commit(IReadOnlyList<PendingWrite> group)
    {
        var apart = false;
        while (true)
        {
            try
            {
                _connection ??= await engine.OpenForWriting(create: false, CancellationToken.None);
                _session ??= new WriteSession(_connection, engine);
                Begin(_session);
                await using (var transaction = await engine.BeginWriting(_connection, CancellationToken.None))
                {
                    if (apart)
                        RunApart(group, transaction, _session);
                    else
                        RunTogether(group, _session);
                    _session.CarryOutGathered();
                    _session.PostSums();
                    _session.Flush();
                    transaction.Commit();
                }

                _session.Committed();
                return;
            }
            catch (DbException e) when (engine.IsDeadlock(e))
            {
                // Another process's group took the same rows in another order; this one was undone whole and is run again.
            }
            catch (Exception e) when (!apart && (e is not DbException database || !engine.EndsTransaction(database)))
            {
                // One of the writes failed and took the others with it: all are run again, each on a savepoint that it alone falls back to.
                apart = true;
            }
            catch (DbException)
            {
                await Close();
                throw;
            }
        }
    }

    public ValueTask DisposeAsync() => Close();

    static void Begin(WriteSession session)
    {
        session.Forget();
        session.ForgetSince((0, 0, 0));
        session.Transaction++;
    }

    // Failures are rare: two round trips a write for savepoints are spared until there is one.
    static void RunTogether(IReadOnlyList<PendingWrite> group, WriteSession session)
    {
        foreach (var write in group)
            write.Run(session);
    }

    void RunApart(IReadOnlyList<PendingWrite> group, DbTransaction transaction, WriteSession session)
    {
        foreach (var write in group)
            RunOne(write, transaction, session);
    }

    void RunOne(PendingWrite write, DbTransaction transaction, WriteSession session)
    {
        var mark = session.Mark();
        transaction.Save(Savepoint);
        try
        {
            write.Run(session);
            session.Flush();
            transaction.Release(Savepoint);
        }
        catch (Exception e) when (e is not DbException database || !engine.EndsTransaction(database))
        {
            session.Forget();
            session.ForgetSince(mark);
            transaction.Rollback(Savepoint);
            // What was said once in the transaction may have been said by the one that was undone.
            session.Transaction++;
            write.Refuse(e is DbException failed ? engine.Explain(failed) ?? e : e);
        }
    }

    async ValueTask Close()
    {
        _session?.DisposeStatements();
        _session = null;
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
