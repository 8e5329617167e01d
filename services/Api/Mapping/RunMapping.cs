using System.Text.Json;
using Holoflow.ApiModel.Allocations;
using Holoflow.ApiModel.Artifacts;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Logs;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.ReadModel.Rows;
using Stored = Holoflow.Persistence.Model;

namespace Holoflow.Api.Mapping;

/// <summary>What is stored of runs, in the API's words.</summary>
static class RunMapping
{
    public static FlowRunRow ToRow(this Stored.FlowRunRow run) => new()
    {
        Id = run.Id,
        Name = run.Name,
        FlowName = run.FlowName,
        DeploymentId = run.DeploymentId,
        DeploymentName = run.DeploymentName,
        ParentRunId = run.ParentRunId,
        Queue = run.Queue,
        Priority = run.Priority,
        Tags = Json.Tags(run.Tags),
        State = new RunState(Enum.Parse<RunStateType>(run.StateType), run.StateName, run.StateAt, run.StateMessage),
        CreatedAt = run.CreatedAt,
        DueAt = run.DueAt,
        StartedAt = run.StartedAt,
        EndedAt = run.EndedAt,
        RunCount = run.RunCount,
        Version = run.Version,
    };

    public static FlowRunDetail ToDetail(this Stored.FlowRunRow run, Stored.FlowRunContentRow content, IReadOnlyDictionary<string, int> taskCounts) => new(run.ToRow(), JsonElement.Parse(content.Parameters))
    {
        Result = content.Result is { } result ? JsonElement.Parse(result) : null,
        Program = content.Program is { } program ? Json.Program(program) : null,
        ExpiresAt = run.ExpiresAt,
        IdempotencyKey = IdempotencyScope.KeyOf(run),
        ScheduleId = run.ScheduleId,
        AgentId = run.LeaseAgent,
        LeaseExpiresAt = run.LeaseExpiresAt,
        RetriesUsed = run.RetriesUsed,
        TaskCounts = taskCounts,
    };

    public static RunHistoryEntry ToEntry(this Stored.FlowRunStateRow state) =>
        new(state.Version, new RunState(Enum.Parse<RunStateType>(state.StateType), state.StateName, state.At, state.Message));

    public static TaskRunRow ToRow(this TaskRunWithProgress task) => new()
    {
        Id = task.Task.Id,
        FlowRunId = task.Task.RunId,
        Key = task.Task.Key,
        TaskName = task.Task.TaskName,
        Name = task.Task.RunName,
        Description = task.Task.Description,
        MapIndex = task.Task.MapIndex,
        Tags = Json.Tags(task.Task.Tags),
        State = StateOf(task.Task),
        RunCount = task.Task.RunCount,
        CreatedAt = task.Task.CreatedAt,
        StartedAt = task.Task.StartedAt,
        EndedAt = task.Task.EndedAt,
        Progress = task.Progress?.ToProgress(),
    };

    public static TaskRunDetail ToDetail(this TaskRunWithProgress task, Stored.FlowRunRow? run, IEnumerable<TaskInput> inputs) => new(task.ToRow(), run?.Name ?? "", run?.FlowName ?? "")
    {
        Inputs = [.. inputs],
    };

    public static Progress ToProgress(this Stored.ProgressRow progress) => new()
    {
        Fraction = progress.Fraction,
        Count = progress.Count,
        Total = progress.Total,
        Message = progress.Message,
        SecondsLeft = progress.SecondsLeft,
        At = progress.At,
    };

    public static ArtifactRow ToRow(this Stored.ArtifactRow artifact) => new()
    {
        Id = artifact.Id,
        FlowRunId = artifact.RunId,
        TaskRunId = artifact.TaskId,
        Key = artifact.Key,
        Type = artifact.Type,
        Title = artifact.Title,
        CreatedAt = artifact.CreatedAt,
        Data = artifact.Data is { } data ? JsonElement.Parse(data) : null,
        FileName = artifact.File,
    };

    public static AllocationRow ToRow(this Stored.AllocationRow allocation, IEnumerable<Guid> tasks) => new()
    {
        Key = allocation.Key,
        ArrayIndex = allocation.ArrayIndex < 0 ? null : allocation.ArrayIndex,
        IsRun = allocation.Key.StartsWith("flow-", StringComparison.Ordinal),
        Cluster = allocation.Cluster,
        JobId = allocation.JobId,
        Phase = allocation.Phase,
        State = allocation.State,
        Reason = allocation.Message,
        WaitedFor = allocation.WaitedFor,
        Partition = allocation.Partition,
        Node = allocation.Node,
        ExpectedAt = allocation.ExpectedAt,
        RequestedAt = allocation.RequestedAt,
        StartedAt = allocation.StartedAt,
        EndedAt = allocation.EndedAt,
        TaskRunIds = [.. tasks],
    };

    public static LogRow ToRow(this Stored.LogLineRow line) => new()
    {
        Position = line.Position,
        FlowRunId = line.NestedRunId ?? line.RunId,
        TaskRunId = line.TaskId,
        At = line.At,
        Level = (LogLevel)Math.Clamp(line.Level, (int)LogLevel.Trace, (int)LogLevel.Critical),
        Logger = line.Logger,
        Text = line.Text,
        Fields = line.Fields is { } fields ? JsonElement.Parse(fields) : null,
    };

    static TaskState StateOf(Stored.TaskRunRow task) => new(Enum.Parse<TaskStateType>(task.StateType), task.StateName, task.StateAt, task.StateMessage);
}
