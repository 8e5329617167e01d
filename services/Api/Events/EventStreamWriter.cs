using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Events;

/// <summary>Writes server-sent events to one reader. Nothing is queued for it: it takes, or it is cut off.</summary>
sealed class EventStreamWriter(HttpContext http, TimeProvider time, ApiOptions options, ILogger log)
{
    readonly PipeWriter _pipe = http.Response.BodyWriter;
    long _sent;

    /// <summary>Sends the head, so that the reader knows that it is heard.</summary>
    public Task Start(CancellationToken cancellation)
    {
        http.Response.ContentType = "text/event-stream";
        // Reverse proxies must not hold events back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        _pipe.Write("retry: 1000\n\n"u8);
        return Flush(cancellation);
    }

    /// <summary>Adds an event; it goes out with the next <see cref="Flush"/>.</summary>
    public void Add(string id, ReadOnlySpan<byte> json)
    {
        _pipe.Write("id: "u8);
        _ = Encoding.UTF8.GetBytes(id, _pipe);
        _pipe.Write("\ndata: "u8);
        _pipe.Write(json);
        _pipe.Write("\n\n"u8);
    }

    /// <summary>Sends what was added, or a sign of life where there was nothing for long.</summary>
    public Task FlushOrBeat(bool added, CancellationToken cancellation) =>
        added ? Flush(cancellation) : time.GetElapsedTime(_sent) >= options.StreamHeartbeat ? Beat(cancellation) : Task.CompletedTask;

    /// <summary>A sign of life, which readers pass over.</summary>
    public Task Beat(CancellationToken cancellation)
    {
        _pipe.Write(":\n\n"u8);
        return Flush(cancellation);
    }

    /// <exception cref="OperationCanceledException">The reader is gone, or took nothing for too long and was cut off.</exception>
    public async Task Flush(CancellationToken cancellation)
    {
        try
        {
            var flushed = await _pipe.FlushAsync(cancellation).AsTask().WaitAsync(options.StreamWriteTimeout, time, cancellation);
            if (flushed.IsCompleted)
                throw new OperationCanceledException("the reader is gone");
            _sent = time.GetTimestamp();
        }
        catch (TimeoutException e)
        {
            Log.ReaderCutOff(log, http.Request.Path.Value ?? "", options.StreamWriteTimeout.TotalSeconds);
            http.Abort();
            throw new OperationCanceledException("the reader took nothing", e);
        }
    }
}
