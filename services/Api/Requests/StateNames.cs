using Holoflow.Api.Edge;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.ReadModel.FlowRuns;

namespace Holoflow.Api.Requests;

/// <summary>State types and names in queries.</summary>
static class StateNames
{
    static readonly Dictionary<string, string> OfRuns = new(StringComparer.OrdinalIgnoreCase)
    {
        [Domain.FlowRuns.StateNames.Late] = nameof(RunStateType.Scheduled),
        [Domain.FlowRuns.StateNames.AwaitingRetry] = nameof(RunStateType.Scheduled),
        [Domain.FlowRuns.StateNames.Retrying] = nameof(RunStateType.Running),
        [Domain.FlowRuns.StateNames.TimedOut] = nameof(RunStateType.Failed),
        [Domain.FlowRuns.StateNames.Skipped] = nameof(RunStateType.Cancelled),
    };

    static readonly Dictionary<string, string> OfTasks = new(StringComparer.OrdinalIgnoreCase)
    {
        [Domain.FlowRuns.StateNames.AwaitingRetry] = nameof(TaskStateType.Pending),
        [Domain.FlowRuns.StateNames.Retrying] = nameof(TaskStateType.Running),
        [Domain.FlowRuns.StateNames.TimedOut] = nameof(TaskStateType.Failed),
        [Domain.FlowRuns.StateNames.Cached] = nameof(TaskStateType.Completed),
        [Domain.FlowRuns.StateNames.Skipped] = nameof(TaskStateType.Completed),
    };

    /// <summary>The condition that a flow run's state type or name stands for; null, and noted, where there is no such state.</summary>
    public static StateCondition? Read(FieldErrors errors, string text) => Read<RunStateType>(errors, text, OfRuns);

    /// <summary>The same for a task run's.</summary>
    public static StateCondition? ReadOfTask(FieldErrors errors, string text) => Read<TaskStateType>(errors, text, OfTasks);

    static StateCondition? Read<T>(FieldErrors errors, string text, Dictionary<string, string> names)
        where T : struct, Enum
    {
        if (Enum.GetNames<T>().FirstOrDefault(t => t.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } type)
            return new StateCondition(type);
        if (names.TryGetValue(text, out var typeOfName))
            return new StateCondition(typeOfName, names.Keys.First(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)));
        errors.Add("state", $"'{Ids.Shown(text)}' is no state: one of {string.Join(", ", Enum.GetNames<T>().Concat(names.Keys))}");
        return null;
    }
}
