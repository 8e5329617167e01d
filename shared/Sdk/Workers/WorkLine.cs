using System.Buffers;
using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>One line of what the flow process tells a worker.</summary>
abstract record WorkLine
{
    /// <summary>Larger inputs are a file of their own.</summary>
    public const int LargestInputs = 64 * 1024;

    /// <summary>A task is to be executed.</summary>
    /// <param name="Number">The execution, by a number that no other has in this run.</param>
    /// <param name="Task">Which task run.</param>
    /// <param name="Identity">The hash of its name and inputs.</param>
    /// <param name="Execution">Which execution of the task run in this attempt of the run.</param>
    /// <param name="Timeout">Its time; null: none.</param>
    /// <param name="Inputs">A JSON array; null: it is in a file.</param>
    public sealed record Execute(long Number, TaskIdentity Task, string Identity, int Execution, TimeSpan? Timeout, JsonElement? Inputs) : WorkLine;

    /// <summary>An execution is to end, or not to begin.</summary>
    public sealed record Cancel(long Number) : WorkLine;

    /// <summary>Nothing follows: the worker ends when it has done what it was told.</summary>
    public sealed record End : WorkLine;

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            switch (this)
            {
                case Execute execute:
                    Write(json, execute);
                    break;
                case Cancel cancel:
                    json.WriteNumber("cancel", cancel.Number);
                    break;
                default:
                    json.WriteBoolean("end", true);
                    break;
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">The line says nothing that a worker understands.</exception>
    public static WorkLine Parse(ReadOnlySpan<byte> line)
    {
        var json = JsonElement.Parse(line);
        try
        {
            return json.TryGetProperty("do", out var number) ? Read(json, number.GetInt64())
                : json.TryGetProperty("cancel", out var cancelled) ? new Cancel(cancelled.GetInt64())
                : json.TryGetProperty("end", out _) ? new End()
                : throw new JsonException("it is no line of work");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"it is no line of work: {e.Message}", e);
        }
    }

    static void Write(Utf8JsonWriter json, Execute execute)
    {
        json.WriteNumber("do", execute.Number);
        json.WriteString("task", execute.Task.Id);
        if (execute.Task.Run is { } run)
            json.WriteString("run", run);
        json.WriteString("key", execute.Task.Key);
        json.WriteString("name", execute.Task.Name);
        json.WriteString("runName", execute.Task.RunName);
        json.WriteBoolean("console", execute.Task.ForwardsConsole);
        json.WriteString("identity", execute.Identity);
        json.WriteNumber("execution", execute.Execution);
        if (execute.Timeout is { } timeout)
            json.WriteNumber("timeout", timeout.TotalSeconds);
        if (execute.Inputs is { } inputs)
        {
            json.WritePropertyName("inputs");
            inputs.WriteTo(json);
        }
    }

    static Execute Read(JsonElement json, long number) => new(
        number,
        new TaskIdentity(
            json.GetProperty("task").GetGuid(), json.TryGetProperty("run", out var run) ? run.GetGuid() : null, json.GetProperty("key").GetString()!,
            json.GetProperty("runName").GetString()!, json.GetProperty("name").GetString()!, json.GetProperty("console").GetBoolean()),
        json.GetProperty("identity").GetString()!,
        json.GetProperty("execution").GetInt32(),
        json.TryGetProperty("timeout", out var timeout) ? TimeSpan.FromSeconds(timeout.GetDouble()) : null,
        json.TryGetProperty("inputs", out var inputs) ? inputs : null);
}
