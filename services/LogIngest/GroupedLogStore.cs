using Holoflow.Contracts;
using Holoflow.Persistence.Writes;

namespace Holoflow.LogIngest;

/// <summary>Lines by the process's one writer: chunks that arrive together share a transaction, with the state store where both are in one process.</summary>
sealed class GroupedLogStore(DatabaseWriter writer, LogIngestOptions options, TimeProvider time) : ILogStore
{
    public Task<int?> Store(LogChunk chunk, CancellationToken cancellation) =>
        writer.Write(session => LogTable.Store(session, chunk, options, time.GetUtcNow()), cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
