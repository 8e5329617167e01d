using Holoflow.ApiModel.TaskRuns;

namespace Holoflow.ApiModel.FlowRuns;

/// <summary>How far a run is.</summary>
/// <param name="Flow">What the flow itself says of it.</param>
/// <param name="Tasks">Its tasks by name.</param>
/// <param name="Fraction">Ended task runs of all known ones, 0 to 1; null: none is known yet.</param>
public sealed record RunProgress(Progress? Flow, IReadOnlyList<TaskProgress> Tasks, double? Fraction);

/// <param name="TaskName">The task.</param>
/// <param name="States">How many of its task runs are in each state type.</param>
public sealed record TaskProgress(string TaskName, IReadOnlyDictionary<string, int> States);
