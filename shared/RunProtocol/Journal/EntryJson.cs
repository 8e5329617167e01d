using System.Text.Json;

namespace Holoflow.RunProtocol.Journal;

/// <summary>
/// Writes entries as <see cref="JournalFormat"/> describes them. By hand, because the generated serializer has to be compiled
/// at the start of every flow process (40 ms of an empty flow's 100), while this is compiled ahead of time.
/// </summary>
static class EntryJson
{
    public static void Write(Utf8JsonWriter json, JournalEntry entry, long sequence, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteString("k", KindOf(entry));
        json.WriteNumber("n", sequence);
        json.WriteString("t", at);
        Optional(json, "run", entry.Run);
        Members(json, entry);
        json.WriteEndObject();
    }

    static string KindOf(JournalEntry entry) => entry switch
    {
        TaskChanged => "state",
        TaskCreated => "task",
        Logged => "log",
        Progressed => "progress",
        ArtifactMade => "artifact",
        AllocationChanged => "allocation",
        NestedRunCreated => "nested-run",
        NestedRunChanged => "nested-state",
        FlowStarted => "flow-started",
        FlowPauseChanged => "flow-pause",
        FlowEnded => "flow-ended",
        SlotsWanted => "slots-wanted",
        SlotsReleased => "slots-released",
        _ => throw new ArgumentException($"{entry.GetType().Name} is no kind of journal entry", nameof(entry)),
    };

    static void Members(Utf8JsonWriter json, JournalEntry entry)
    {
        switch (entry)
        {
            case TaskChanged changed:
                Write(json, changed);
                break;
            case TaskCreated created:
                Write(json, created);
                break;
            case Logged logged:
                Write(json, logged);
                break;
            case Progressed progressed:
                Write(json, progressed);
                break;
            case ArtifactMade artifact:
                Write(json, artifact);
                break;
            case AllocationChanged allocation:
                Write(json, allocation);
                break;
            case NestedRunCreated nested:
                Write(json, nested);
                break;
            case NestedRunChanged changed:
                json.WriteString("nestedRun", changed.NestedRun);
                State(json, changed.Type, changed.Name, changed.Message);
                break;
            case FlowStarted started:
                json.WriteNumber("attempt", started.Attempt);
                json.WriteNumber("processId", started.ProcessId);
                json.WriteString("host", started.Host);
                break;
            case FlowPauseChanged pause:
                json.WriteBoolean("paused", pause.Paused);
                break;
            case FlowEnded ended:
                json.WriteNumber("attempt", ended.Attempt);
                State(json, ended.Type, ended.Name, ended.Message);
                Optional(json, "result", ended.Result);
                break;
            case SlotsWanted wanted:
                json.WriteString("request", wanted.Request);
                Texts(json, "names", wanted.Names);
                Optional(json, "task", wanted.Task);
                break;
            case SlotsReleased released:
                json.WriteString("request", released.Request);
                break;
        }
    }

    static void Write(Utf8JsonWriter json, TaskChanged changed)
    {
        json.WriteString("task", changed.Task);
        State(json, changed.Type, changed.Name, changed.Message);
        if (changed.RunCount != 0)
            json.WriteNumber("runCount", changed.RunCount);
    }

    static void Write(Utf8JsonWriter json, TaskCreated created)
    {
        json.WriteString("task", created.Task);
        json.WriteString("key", created.Key);
        json.WriteString("taskName", created.TaskName);
        json.WriteString("runName", created.RunName);
        Optional(json, "description", created.Description);
        Optional(json, "mapIndex", created.MapIndex);
        Optional(json, "identity", created.Identity);
        Texts(json, "tags", created.Tags);
        if (created.Inputs.Count == 0)
            return;
        json.WriteStartArray("inputs");
        foreach (var input in created.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("from", input.From);
            json.WriteString("name", input.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Write(Utf8JsonWriter json, Logged logged)
    {
        Optional(json, "task", logged.Task);
        json.WriteString("level", NameOf(logged.Level));
        json.WriteString("message", logged.Message);
        Optional(json, "logger", logged.Logger);
        if (logged.Fields is null)
            return;
        json.WriteStartObject("fields");
        foreach (var (name, value) in logged.Fields)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, Progressed progressed)
    {
        Optional(json, "task", progressed.Task);
        Optional(json, "fraction", progressed.Fraction);
        Optional(json, "count", progressed.Count);
        Optional(json, "total", progressed.Total);
        Optional(json, "message", progressed.Message);
        Optional(json, "secondsLeft", progressed.SecondsLeft);
    }

    static void Write(Utf8JsonWriter json, ArtifactMade artifact)
    {
        json.WriteString("artifact", artifact.Artifact);
        json.WriteString("key", artifact.Key);
        json.WriteString("type", artifact.Type);
        Optional(json, "task", artifact.Task);
        Optional(json, "title", artifact.Title);
        Optional(json, "data", artifact.Data);
        Optional(json, "file", artifact.File);
    }

    static void Write(Utf8JsonWriter json, AllocationChanged allocation)
    {
        json.WriteString("key", allocation.Key);
        Optional(json, "arrayIndex", allocation.ArrayIndex);
        json.WriteString("cluster", allocation.Cluster);
        Optional(json, "jobId", allocation.JobId);
        json.WriteString("phase", allocation.Phase);
        json.WriteString("state", allocation.State);
        Optional(json, "message", allocation.Message);
        Optional(json, "node", allocation.Node);
        if (allocation.ExpectedAt is { } expected)
            json.WriteString("expectedAt", expected);
        Optional(json, "partition", allocation.Partition);
        if (allocation.Tasks.Count == 0)
            return;
        json.WriteStartArray("tasks");
        foreach (var task in allocation.Tasks)
            json.WriteStringValue(task);
        json.WriteEndArray();
    }

    static void Write(Utf8JsonWriter json, NestedRunCreated nested)
    {
        json.WriteString("nestedRun", nested.NestedRun);
        json.WriteString("flowName", nested.FlowName);
        json.WriteString("runName", nested.RunName);
        Optional(json, "key", nested.Key);
        Optional(json, "identity", nested.Identity);
        json.WritePropertyName("parameters");
        nested.Parameters.WriteTo(json);
        Texts(json, "tags", nested.Tags);
    }

    static void State(Utf8JsonWriter json, string type, string? name, string? message)
    {
        json.WriteString("type", type);
        Optional(json, "name", name);
        Optional(json, "message", message);
    }

    static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "Trace",
        LogLevel.Debug => "Debug",
        LogLevel.Information => "Information",
        LogLevel.Warning => "Warning",
        LogLevel.Error => "Error",
        _ => "Critical",
    };

    static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    static void Optional(Utf8JsonWriter json, string name, Guid? value)
    {
        if (value is not null)
            json.WriteString(name, value.Value);
    }

    static void Optional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is not null)
            json.WriteNumber(name, value.Value);
    }

    static void Optional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is not null)
            json.WriteNumber(name, value.Value);
    }

    static void Optional(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        value.Value.WriteTo(json);
    }
}
