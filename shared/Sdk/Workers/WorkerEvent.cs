using System.Buffers;
using System.Text;
using System.Text.Json;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>One line of what a worker tells the flow process.</summary>
abstract record WorkerEvent
{
    /// <summary>Larger results are a file of their own.</summary>
    public const int LargestResult = 16 * 1024;

    /// <summary>The worker takes work.</summary>
    public sealed record Ready(string Node, int ProcessId) : WorkerEvent;

    /// <summary>An execution has begun.</summary>
    public sealed record Started(long Number) : WorkerEvent;

    /// <summary>An entry for the run's journal.</summary>
    public sealed record Said(JournalEntry Entry, DateTimeOffset At) : WorkerEvent;

    /// <summary>An execution has a result.</summary>
    /// <param name="Number">The execution.</param>
    /// <param name="Seconds">How long it took.</param>
    /// <param name="Result">JSON; null: it is in a file.</param>
    public sealed record Done(long Number, double Seconds, ReadOnlyMemory<byte>? Result) : WorkerEvent;

    /// <summary>An execution threw.</summary>
    public sealed record Failed(long Number, double Seconds, bool IsCancelled, ThrownElsewhere Thrown) : WorkerEvent;

    /// <summary>The worker ends by itself.</summary>
    public sealed record Left(string Reason) : WorkerEvent;

    public void Write(IBufferWriter<byte> buffer)
    {
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (this is Said said)
                JournalLine.Write(json, said.Entry, said.At);
            else
                WriteOwn(json);
        }

        buffer.Write("\n"u8);
    }

    /// <exception cref="JsonException">The line is no event.</exception>
    public static WorkerEvent Parse(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("{\"k\""u8))
            return JournalLine.Parse(line) is var entry ? new Said(entry, entry.At) : null!;
        var json = JsonElement.Parse(line);
        try
        {
            return json.GetProperty("e").GetString() switch
            {
                "ready" => new Ready(json.GetProperty("node").GetString()!, json.GetProperty("pid").GetInt32()),
                "started" => new Started(NumberOf(json)),
                "done" => new Done(NumberOf(json), SecondsOf(json), json.TryGetProperty("result", out var result) ? Encoding.UTF8.GetBytes(result.GetRawText()) : (ReadOnlyMemory<byte>?)null),
                "failed" => new Failed(NumberOf(json), SecondsOf(json), json.GetProperty("cancelled").GetBoolean(), new ThrownElsewhere(
                    json.GetProperty("type").GetString()!, json.GetProperty("message").GetString()!, json.GetProperty("stack").GetString())),
                "left" => new Left(json.GetProperty("reason").GetString()!),
                var other => throw new JsonException($"'{other}' is no event of a worker"),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"it is no event of a worker: {e.Message}", e);
        }
    }

    static long NumberOf(JsonElement json) => json.GetProperty("do").GetInt64();

    static double SecondsOf(JsonElement json) => json.GetProperty("seconds").GetDouble();

    void WriteOwn(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        switch (this)
        {
            case Ready ready:
                json.WriteString("e", "ready");
                json.WriteString("node", ready.Node);
                json.WriteNumber("pid", ready.ProcessId);
                break;
            case Started started:
                json.WriteString("e", "started");
                json.WriteNumber("do", started.Number);
                break;
            case Done done:
                json.WriteString("e", "done");
                json.WriteNumber("do", done.Number);
                json.WriteNumber("seconds", done.Seconds);
                if (done.Result is { } result)
                {
                    json.WritePropertyName("result");
                    json.WriteRawValue(result.Span, skipInputValidation: true);
                }

                break;
            case Failed failed:
                json.WriteString("e", "failed");
                json.WriteNumber("do", failed.Number);
                json.WriteNumber("seconds", failed.Seconds);
                json.WriteBoolean("cancelled", failed.IsCancelled);
                json.WriteString("type", failed.Thrown.TypeName);
                json.WriteString("message", failed.Thrown.Message);
                json.WriteString("stack", failed.Thrown.Stack);
                break;
            case Left left:
                json.WriteString("e", "left");
                json.WriteString("reason", left.Reason);
                break;
        }

        json.WriteEndObject();
    }
}
