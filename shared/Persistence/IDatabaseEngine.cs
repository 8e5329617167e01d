using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Holoflow.Persistence;

/// <summary>What differs between the databases.</summary>
interface IDatabaseEngine
{
    DatabaseProvider Provider { get; }

    string DisplayName { get; }

    /// <summary>The folder of the provider's scripts.</summary>
    string ScriptFolder { get; }

    ValueTask<DbConnection> OpenForReading(CancellationToken cancellation);

    /// <summary>A connection that writes; made where it is missing, if <paramref name="create"/> is set.</summary>
    ValueTask<DbConnection> OpenForWriting(bool create, CancellationToken cancellation);

    /// <summary>Starts a transaction that will be able to write, waiting for other writers as long as it takes.</summary>
    ValueTask<DbTransaction> BeginWriting(DbConnection connection, CancellationToken cancellation);

    /// <summary>Within a transaction: keeps other processes from upgrading at the same time.</summary>
    void LockSchema(DbTransaction transaction);

    /// <summary>Waits until this process may carry out a duty that one process at a time has.</summary>
    Task<Leadership> Lead(string duty, CancellationToken cancellation);

    /// <summary>Reads everything; what is damaged, or null.</summary>
    string? FindDamage(DbConnection connection);

    void Configure(DbContextOptionsBuilder builder);

    /// <summary>A command whose parameters <c>$1</c>… are bound by place, prepared on first use.</summary>
    /// <param name="connection">Where it is to run.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="parameters">How many.</param>
    /// <param name="isConstant">One of a fixed number of texts: what is found out about it may be kept.</param>
    DbCommand CreateCommand(DbConnection connection, string sql, int parameters, bool isConstant);

    /// <summary>Adds a statement of a constant text to those that are sent together.</summary>
    DbBatchCommand Add(DbBatch batch, string sql, ReadOnlySpan<object?> values);

    /// <summary>The value as the provider wants it for a parameter.</summary>
    object ToParameter(Guid id);

    Guid ReadGuid(DbDataReader reader, int ordinal);

    /// <summary>The fault as one clear line; null where the exception says nothing about the database as a whole.</summary>
    DatabaseException? Explain(DbException exception);

    /// <summary>Whether the transaction cannot go on after this exception, as opposed to one statement having failed.</summary>
    bool EndsTransaction(DbException exception);

    /// <summary>Whether the transaction was undone only because another one was in its way.</summary>
    bool IsDeadlock(DbException exception);
}
