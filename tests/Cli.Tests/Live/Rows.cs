using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;

namespace Holoflow.Cli.Tests.Live;

/// <summary>Rows as a server sends them.</summary>
static class Rows
{
    public static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-22T10:00:00Z");

    public static readonly Guid RunId = Guid.Parse("01900000-0000-7000-8000-000000000001");

    public static FlowRunRow Run(RunStateType type, double seconds = 0, string? message = null) => new()
    {
        Id = RunId,
        Name = "brave-otter",
        FlowName = "demo",
        Queue = "default",
        State = new RunState(type, type.ToString(), Start.AddSeconds(seconds), message),
        CreatedAt = Start,
        DueAt = Start,
        StartedAt = type is RunStateType.Scheduled or RunStateType.Pending ? null : Start,
        EndedAt = type is RunStateType.Completed or RunStateType.Failed ? Start.AddSeconds(seconds) : null,
    };

    public static TaskRunRow Task(string task, int number, TaskStateType type, double seconds = 0, Guid? run = null, Progress? progress = null, string? message = null) => new()
    {
        Id = new Guid(number, (short)task.Length, (short)task[0], 0, 0, 0, 0, 0, 0, 0, 1),
        FlowRunId = run ?? RunId,
        Key = $"{task}-{number}",
        TaskName = task,
        Name = $"{task}-{number}",
        State = new TaskState(type, type.ToString(), Start.AddSeconds(seconds), message),
        CreatedAt = Start,
        StartedAt = type == TaskStateType.Pending ? null : Start,
        EndedAt = type is TaskStateType.Pending or TaskStateType.Running ? null : Start.AddSeconds(seconds),
        Progress = progress,
    };
}
