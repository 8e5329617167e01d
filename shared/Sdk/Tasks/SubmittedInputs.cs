using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>
/// The inputs of one task run while it is submitted: its edges, the tasks it waits for, and its identity, a hash of the task's
/// name and inputs by which a later attempt finds it again. The identity of an input that another task makes is that task's.
/// </summary>
sealed class SubmittedInputs
{
    [ThreadStatic]
    static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? Scratch;

    readonly TaskDefinition _task;
    readonly Utf8JsonWriter? _json;
    List<TaskInput>? _edges;
    List<TaskExecution>? _upstream;
    readonly string[]? _shown;
    readonly List<object?>? _values;
    readonly bool _hasIdentity;
    readonly List<Action<Utf8JsonWriter>>? _writers;

    public SubmittedInputs(FlowRun run, TaskDefinition task)
    {
        Run = run;
        _task = task;
        _hasIdentity = task.Options.PersistResult;
        if (task.RunName is not null)
            _shown = new string[task.InputNames.Count];
        if (task.Options.CacheKey is not null)
            _values = [];
        if (run.PlaceOf(task) is not null)
            _writers = [];
        if (!_hasIdentity)
            return;
        Scratch ??= (new ArrayBufferWriter<byte>(), new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { SkipValidation = true }));
        Scratch.Value.Bytes.ResetWrittenCount();
        _json = Scratch.Value.Json;
        _json.Reset(Scratch.Value.Bytes);
        _json.WriteStartArray();
        _json.WriteStringValue(task.Name);
    }

    public FlowRun Run { get; }

    public IReadOnlyList<TaskInput> Edges => _edges ?? (IReadOnlyList<TaskInput>)[];

    public IReadOnlyList<TaskExecution> Upstream => _upstream ?? (IReadOnlyList<TaskExecution>)[];

    public SubmittedInputs Add<T>(int index, Input<T> input)
    {
        var source = input.Source;
        if (_shown is not null)
            _shown[index] = source is null ? Shown(input.Value) : string.Join(", ", source.Futures.Select(future => future.RunName));
        _values?.Add(source is null ? input.Value : source);
        _writers?.Add(json => ResultFormat<T>.Write(json, input.Value));
        if (source is null)
            Value(index, input.Value);
        else
            Futures(_task.InputNames[index], source.Futures);
        return this;
    }

    /// <summary>An edge without a value: it is no part of the identity.</summary>
    public void WaitFor(TaskFuture future) => Futures("", [future]);

    /// <summary>The hash, as 32 hexadecimal digits; null where the result is not kept.</summary>
    public string? Identity()
    {
        if (!_hasIdentity)
            return null;
        _json!.WriteEndArray();
        _json.Flush();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Scratch!.Value.Bytes.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    public string? RunName() => _task.RunName?.Fill(name => _shown![IndexOf(name)]);

    /// <summary>The values, for when all tasks that make inputs have completed.</summary>
    public SubmittedValues Values() => new(_values, _writers is null ? null : ToJson);

    ReadOnlyMemory<byte> ToJson()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartArray();
        foreach (var write in _writers!)
            write(json);
        json.WriteEndArray();
        json.Flush();
        return bytes.WrittenMemory;
    }

    int IndexOf(string name) => _task.InputNames.TakeWhile(one => one != name).Count();

    static string Shown<T>(T value) => value switch
    {
        string text => text,
        IFormattable formattable => formattable.ToString(null, null),
        null => "null",
        _ => value.ToString() ?? "",
    };

    void Value<T>(int index, T value)
    {
        if (!_hasIdentity)
            return;
        try
        {
            ResultFormat<T>.Write(_json!, value);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw new ResultFormatException(
                $"input '{_task.InputNames[index]}' of task '{_task.Name}' is a {ResultFormat.NameOf(typeof(T))}, which cannot be written as JSON ({e.Message.Split('\n')[0]}): "
                + "pass something that can (a path, a record), or set PersistResult = false on the task", e);
        }
    }

    void Futures(string name, IEnumerable<TaskFuture> futures)
    {
        foreach (var future in futures)
        {
            var upstream = future.Execution;
            if (!ReferenceEquals(upstream.Run.Session, Run.Session))
                throw new InvalidOperationException($"task '{_task.Name}' was given the future '{upstream.Key}' of another run");
            (_edges ??= []).Add(new TaskInput(upstream.Id, name));
            (_upstream ??= []).Add(upstream);
            if (!_hasIdentity || name.Length == 0)
                continue;
            _json!.WriteStartObject();
            _json.WriteString("task", upstream.Identity ?? upstream.Key);
            _json.WriteNumber("n", upstream.Occurrence);
            _json.WriteEndObject();
        }
    }
}
