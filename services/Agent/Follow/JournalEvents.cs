using System.Text;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.RunProtocol.Files;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Agent.Follow;

/// <summary>Journal entries as messages.</summary>
static class JournalEvents
{
    /// <summary>What the state store is told; null for entries that are not for it.</summary>
    public static RunEvent? ToEvent(JournalEntry entry) => entry switch
    {
        TaskCreated e => Of(e, RunEventKind.TaskCreated) with
        {
            Subject = e.Task,
            Key = LogText.Visible(e.Key),
            TaskName = LogText.Visible(e.TaskName),
            RunName = LogText.Visible(e.RunName),
            Description = LogText.Visible(e.Description),
            MapIndex = e.MapIndex,
            Tags = Given(e.Tags),
            Inputs = Given(e.Inputs)?.Select(i => new TaskEdge(i.From, i.Name ?? "")).ToArray(),
        },
        TaskChanged e => Of(e, RunEventKind.TaskChanged) with
        {
            Subject = e.Task,
            Type = e.Type,
            Name = LogText.Visible(e.Name),
            Message = LogText.Visible(e.Message),
            RunCount = e.RunCount,
        },
        Progressed e => Of(e, RunEventKind.Progressed) with
        {
            Subject = e.Task,
            Task = e.Task,
            Fraction = e.Fraction,
            Count = e.Count,
            Total = e.Total,
            Message = LogText.Visible(e.Message),
            SecondsLeft = e.SecondsLeft,
        },
        ArtifactMade e => Of(e, RunEventKind.ArtifactMade) with
        {
            Subject = e.Artifact,
            Task = e.Task,
            Key = LogText.Visible(e.Key),
            Type = e.Type,
            Name = LogText.Visible(e.Title),
            Data = e.Data,
            File = LogText.Visible(e.File),
        },
        AllocationChanged e when Enum.TryParse<AllocationPhase>(e.Phase, out var phase) && Enum.IsDefined(phase) => Of(e, RunEventKind.AllocationChanged) with
        {
            Allocation = new AllocationReport
            {
                Key = LogText.Visible(e.Key)!, ArrayIndex = e.ArrayIndex, Cluster = LogText.Visible(e.Cluster)!, JobId = e.JobId, Phase = phase, State = LogText.Visible(e.State)!,
                Message = LogText.Visible(e.Message), Node = LogText.Visible(e.Node), ExpectedAt = e.ExpectedAt, Partition = LogText.Visible(e.Partition),
                Tasks = e.Tasks.Count > 0 ? e.Tasks : null,
            },
        },
        NestedRunCreated e => Of(e, RunEventKind.NestedRunCreated) with
        {
            Subject = e.NestedRun,
            Key = LogText.Visible(e.Key),
            FlowName = LogText.Visible(e.FlowName),
            RunName = LogText.Visible(e.RunName),
            Tags = Given(e.Tags),
            Data = e.Parameters,
        },
        NestedRunChanged e => Of(e, RunEventKind.NestedRunChanged) with
        {
            Subject = e.NestedRun,
            Type = e.Type,
            Name = LogText.Visible(e.Name),
            Message = LogText.Visible(e.Message),
        },
        SlotsWanted e => Of(e, RunEventKind.SlotsWanted) with { Subject = e.Request, Task = e.Task, Tags = [.. e.Names.Select(name => LogText.Visible(name))] },
        SlotsReleased e => Of(e, RunEventKind.SlotsReleased) with { Subject = e.Request },
        _ => null,
    };

    public static LogLine ToLine(Logged entry) =>
        new(LogSources.Journal, entry.Sequence, entry.At, (int)entry.Level, entry.Task, LogText.Visible(entry.Logger) ?? "flow", LogText.Bound(entry.Message))
        {
            NestedRun = entry.Run,
            Fields = entry.Fields is { Count: > 0 } fields ? FieldsJson(fields) : null,
        };

    static string FieldsJson(IReadOnlyDictionary<string, JsonElement> fields) => Encoding.UTF8.GetString(JsonText.Object(json =>
    {
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }).Span);

    static IReadOnlyList<T>? Given<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;

    static RunEvent Of(JournalEntry entry, RunEventKind kind) => new() { Sequence = entry.Sequence, At = entry.At, Kind = kind, NestedRun = entry.Run };
}

/// <summary>The numbered streams of <see cref="LogLine.Source"/>.</summary>
static class LogSources
{
    public const int Journal = 0;
    public const int AgentNotes = -1;
    public const int FaultyJournalLines = -2;

    public static int Stdout(int attempt) => (2 * attempt) - 1;

    public static int Stderr(int attempt) => 2 * attempt;

    /// <summary>How an unfinished line of a stream stood; −3 itself is taken.</summary>
    public static int DrawnOver(int stream) => -3 - stream;
}
