using System.Buffers;
using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>Results as JSON.</summary>
static class ResultBytes
{
    [ThreadStatic]
    static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? Scratch;

    /// <summary>The result of a task as JSON.</summary>
    /// <exception cref="ResultFormatException">It does not survive JSON.</exception>
    public static ReadOnlyMemory<byte> Of<T>(TaskDefinition task, T value)
    {
        Scratch ??= (new ArrayBufferWriter<byte>(), new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { SkipValidation = true }));
        var (bytes, json) = Scratch.Value;
        bytes.ResetWrittenCount();
        json.Reset(bytes);
        try
        {
            ResultFormat<T>.Write(json, value);
            json.Flush();
            if (task.IsFirstResult() && ResultFormat<T>.RoundTripMistake(bytes.WrittenSpan) is { } mistake)
                throw new JsonException(mistake);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw new ResultFormatException(
                $"the result of task '{task.Name}' is a {ResultFormat.NameOf(typeof(T))}, which does not survive JSON ({e.Message.Split('\n')[0]}): "
                + "return something that does (a path, a record), or set PersistResult = false on the task", e);
        }
        return bytes.WrittenSpan.ToArray();
    }
}
