using Holoflow.Contracts;
using Holoflow.LogIngest.Copy;
using Holoflow.LogIngest.Days;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.LogIngest;

/// <summary>
/// Owns volume: stores log lines in bulk, once each, and tells who follows. Chunks that arrive together share one transaction.
/// </summary>
/// <param name="bus">Where chunks come from.</param>
/// <param name="writer">The process's one writer; the caller disposes of it after this service.</param>
/// <param name="options">How much is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it tells of the log's days; null: nowhere.</param>
public sealed class LogIngestService(IMessageBus bus, DatabaseWriter writer, LogIngestOptions options, TimeProvider time, ILogger? log = null) : IAsyncDisposable
{
    readonly ILogStore _store = writer.Database.Provider == DatabaseProvider.Postgresql
        ? new CopyLogStore(writer.Database, options, time)
        : new GroupedLogStore(writer, options, time);

    readonly LogDays? _days = writer.Database.Provider == DatabaseProvider.Postgresql
        ? new LogDays(writer.Database, options, time, log ?? NullLogger.Instance)
        : null;

    readonly CancellationTokenSource _stopping = new();
    IAsyncDisposable? _handler;
    IAsyncDisposable? _imports;
    Task _loop = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellation)
    {
        if (_days is not null)
        {
            await _days.TryRunOnce(cancellation);
            _loop = _days.Loop(_stopping.Token);
        }

        _handler = bus.Handle<LogChunk, CommandAnswered>(Store);
        _imports = bus.Handle<ImportLogLines, CommandAnswered>(async (lines, ending) => await writer.Write(session => ImportedLines.Store(session, lines), ending));
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_handler is not null)
            await _handler.DisposeAsync();
        _handler = null;
        if (_imports is not null)
            await _imports.DisposeAsync();
        _imports = null;
        await _stopping.CancelAsync();
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _store.DisposeAsync();
        _stopping.Dispose();
    }

    async ValueTask<CommandAnswered> Store(LogChunk chunk, CancellationToken cancellation)
    {
        var stored = await _store.Store(chunk, cancellation);
        if (stored is null)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no run {chunk.RunId}: its lines are not kept");
        if (stored == 0)
            return new CommandAnswered(CommandOutcome.Ignored, "these lines are stored already, or are beyond what is kept", chunk.RunId);
        await Tell(new LogsStored(chunk.RunId, stored.Value), cancellation);
        return new CommandAnswered(CommandOutcome.Accepted, null, chunk.RunId);
    }

    // The lines are there: who follows them looks again by itself.
    async Task Tell(LogsStored stored, CancellationToken cancellation)
    {
        try
        {
            await bus.Publish(stored, cancellation);
        }
        catch (Exception e) when (e is MessagingException or TimeoutException)
        {
            Log.FollowersNotTold(log ?? NullLogger.Instance, stored.RunId, e.Message);
        }
    }
}
