using System.Text.Json;

namespace Holoflow.RunProtocol.Journal;

/// <summary>
/// Reads entries as <see cref="JournalFormat"/> describes them; by hand for the same reason as <see cref="EntryJson"/>: whoever
/// follows a short run would compile the generated reader for longer than the run takes.
/// </summary>
static class EntryParsing
{
    /// <summary>The entry of one line; a bare <see cref="JournalEntry"/> where its kind is not known.</summary>
    /// <exception cref="JsonException">The line is no entry; the message says why.</exception>
    public static JournalEntry Parse(ReadOnlySpan<byte> line)
    {
        var json = JsonElement.Parse(line);
        if (json.ValueKind != JsonValueKind.Object)
            throw new JsonException("it is not an object");
        var entry = Kind(json) switch
        {
            "state" => new TaskChanged { Task = Id(json, "task"), Type = Text(json, "type"), Name = OptionalText(json, "name"), Message = OptionalText(json, "message"), RunCount = (int)(OptionalNumber(json, "runCount") ?? 0) },
            "task" => Created(json),
            "log" => Log(json),
            "progress" => Progress(json),
            "artifact" => Artifact(json),
            "allocation" => Allocation(json),
            "nested-run" => Nested(json),
            "nested-state" => new NestedRunChanged { NestedRun = Id(json, "nestedRun"), Type = Text(json, "type"), Name = OptionalText(json, "name"), Message = OptionalText(json, "message") },
            "flow-started" => new FlowStarted { Attempt = (int)Number(json, "attempt"), ProcessId = (int)Number(json, "processId"), Host = Text(json, "host") },
            "flow-pause" => new FlowPauseChanged { Paused = Flag(json, "paused") },
            "flow-ended" => new FlowEnded { Attempt = (int)Number(json, "attempt"), Type = Text(json, "type"), Name = OptionalText(json, "name"), Message = OptionalText(json, "message"), Result = Optional(json, "result") },
            "slots-wanted" => new SlotsWanted { Request = Id(json, "request"), Names = Texts(json, "names"), Task = OptionalId(json, "task") },
            "slots-released" => new SlotsReleased { Request = Id(json, "request") },
            _ => new JournalEntry(),
        };
        return entry with { Sequence = OptionalNumber(json, "n") ?? 0, At = OptionalTime(json, "t") ?? default, Run = OptionalId(json, "run") };
    }

    static string? Kind(JsonElement json) => json.TryGetProperty("k", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;

    static TaskCreated Created(JsonElement json) => new()
    {
        Task = Id(json, "task"),
        Key = Text(json, "key"),
        TaskName = Text(json, "taskName"),
        RunName = Text(json, "runName"),
        Description = OptionalText(json, "description"),
        MapIndex = (int?)OptionalNumber(json, "mapIndex"),
        Identity = OptionalText(json, "identity"),
        Tags = Texts(json, "tags"),
        Inputs = Optional(json, "inputs") is { } inputs ? [.. Items(inputs, "inputs").Select(i => new TaskInput(Id(i, "from"), OptionalText(i, "name") ?? ""))] : [],
    };

    static Logged Log(JsonElement json) => new()
    {
        Task = OptionalId(json, "task"),
        Level = Enum.TryParse<LogLevel>(Text(json, "level"), ignoreCase: true, out var level) ? level : throw new JsonException("\"level\" is no log level"),
        Message = Text(json, "message"),
        Logger = OptionalText(json, "logger"),
        Fields = Optional(json, "fields") is { ValueKind: JsonValueKind.Object } fields
            ? fields.EnumerateObject().GroupBy(f => f.Name, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.Last().Value, StringComparer.Ordinal)
            : null,
    };

    static Progressed Progress(JsonElement json) => new()
    {
        Task = OptionalId(json, "task"),
        Fraction = OptionalReal(json, "fraction"),
        Count = OptionalNumber(json, "count"),
        Total = OptionalNumber(json, "total"),
        Message = OptionalText(json, "message"),
        SecondsLeft = OptionalReal(json, "secondsLeft"),
    };

    static ArtifactMade Artifact(JsonElement json) => new()
    {
        Artifact = Id(json, "artifact"),
        Key = Text(json, "key"),
        Type = Text(json, "type"),
        Task = OptionalId(json, "task"),
        Title = OptionalText(json, "title"),
        Data = Optional(json, "data"),
        File = OptionalText(json, "file"),
    };

    static AllocationChanged Allocation(JsonElement json) => new()
    {
        Key = Text(json, "key"),
        ArrayIndex = (int?)OptionalNumber(json, "arrayIndex"),
        Cluster = Text(json, "cluster"),
        JobId = OptionalNumber(json, "jobId"),
        Phase = Text(json, "phase"),
        State = Text(json, "state"),
        Message = OptionalText(json, "message"),
        Node = OptionalText(json, "node"),
        ExpectedAt = OptionalTime(json, "expectedAt"),
        Partition = OptionalText(json, "partition"),
        Tasks = Optional(json, "tasks") is { } tasks ? [.. Items(tasks, "tasks").Select(item => item.TryGetGuid(out var task) ? task : throw new JsonException("\"tasks\" holds what is not an id"))] : [],
    };

    static NestedRunCreated Nested(JsonElement json) => new()
    {
        NestedRun = Id(json, "nestedRun"),
        FlowName = Text(json, "flowName"),
        RunName = Text(json, "runName"),
        Key = OptionalText(json, "key"),
        Identity = OptionalText(json, "identity"),
        Parameters = Optional(json, "parameters") ?? throw Missing("parameters"),
        Tags = Texts(json, "tags"),
    };

    static JsonElement? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static string? OptionalText(JsonElement json, string name) => Optional(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new JsonException($"\"{name}\" is not text"),
    };

    static string Text(JsonElement json, string name) => OptionalText(json, name) ?? throw Missing(name);

    static Guid? OptionalId(JsonElement json, string name) => Optional(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when text.TryGetGuid(out var id) => id,
        _ => throw new JsonException($"\"{name}\" is not an id (00000000-0000-0000-0000-000000000000)"),
    };

    static Guid Id(JsonElement json, string name) => OptionalId(json, name) ?? throw Missing(name);

    static long? OptionalNumber(JsonElement json, string name) => Optional(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        _ => throw new JsonException($"\"{name}\" is not a whole number"),
    };

    static long Number(JsonElement json, string name) => OptionalNumber(json, name) ?? throw Missing(name);

    static double? OptionalReal(JsonElement json, string name) => Optional(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var value) => value,
        _ => throw new JsonException($"\"{name}\" is not a number"),
    };

    static DateTimeOffset? OptionalTime(JsonElement json, string name) => Optional(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when text.TryGetDateTimeOffset(out var time) => time,
        _ => throw new JsonException($"\"{name}\" is not a time (2026-01-31T12:00:00Z)"),
    };

    static bool Flag(JsonElement json, string name) => Optional(json, name) switch
    {
        null => throw Missing(name),
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new JsonException($"\"{name}\" is not true or false"),
    };

    static IReadOnlyList<string> Texts(JsonElement json, string name) => Optional(json, name) is { } list
        ? [.. Items(list, name).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new JsonException($"\"{name}\" holds what is not text"))]
        : [];

    static JsonElement.ArrayEnumerator Items(JsonElement list, string name) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new JsonException($"\"{name}\" is not a list");

    static JsonException Missing(string name) => new($"\"{name}\" is missing");
}
