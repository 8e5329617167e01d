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
        while (true)
        {
            try
            {
                _connection ??= await engine.OpenForWriting(create: false, CancellationToken.None);
                _session ??= new WriteSession(_connection, engine);
                _session.ForgetSince(0);
                await using (var transaction = await engine.BeginWriting(_connection, CancellationToken.None))
                {
                    foreach (var write in group)
                        RunOne(write, transaction, _session);
                    transaction.Commit();
                }

                _session.Committed();
                return;
            }
            catch (DbException e) when (engine.IsDeadlock(e))
            {
                // Another process's group took the same rows in another order; this one was undone whole and is run again.
                _session!.ForgetSince(0);
            }
            catch (DbException)
            {
                await Close();
                throw;
            }
        }
    }

    public ValueTask DisposeAsync() => Close();

    void RunOne(PendingWrite write, DbTransaction transaction, WriteSession session)
    {
        var mark = session.Mark();
        transaction.Save(Savepoint);
        try
        {
            write.Run(session);
            transaction.Release(Savepoint);
        }
        catch (Exception e) when (e is not DbException database || !engine.EndsTransaction(database))
        {
            session.ForgetSince(mark);
            transaction.Rollback(Savepoint);
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
