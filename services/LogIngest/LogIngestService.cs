using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence.Writes;

namespace Holoflow.LogIngest;

/// <summary>
/// Owns volume: stores log lines in bulk, once each, and tells who follows. Chunks that arrive together share one transaction, and
/// one with the state store where both are in one process.
/// </summary>
/// <param name="bus">Where chunks come from.</param>
/// <param name="writer">The process's one writer; the caller disposes of it after this service.</param>
/// <param name="options">How much is kept.</param>
/// <param name="time">The clock.</param>
public sealed class LogIngestService(IMessageBus bus, DatabaseWriter writer, LogIngestOptions options, TimeProvider time) : IAsyncDisposable
{
    IAsyncDisposable? _handler;

    public Task StartAsync(CancellationToken cancellation)
    {
        _handler = bus.Handle<LogChunk, CommandAnswered>(Store);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_handler is not null)
            await _handler.DisposeAsync();
        _handler = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    async ValueTask<CommandAnswered> Store(LogChunk chunk, CancellationToken cancellation)
    {
        var stored = await writer.Write(session => LogTable.Store(session, chunk, options, time.GetUtcNow()), cancellation);
        if (stored is null)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no run {chunk.RunId}: its lines are not kept");
        if (stored == 0)
            return new CommandAnswered(CommandOutcome.Ignored, "these lines are stored already, or are beyond what is kept", chunk.RunId);
        await bus.Publish(new LogsStored(chunk.RunId, stored.Value), cancellation);
        return new CommandAnswered(CommandOutcome.Accepted, null, chunk.RunId);
    }
}
