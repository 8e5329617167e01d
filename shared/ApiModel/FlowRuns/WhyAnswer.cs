namespace Holoflow.ApiModel.FlowRuns;

/// <summary>Why a run is where it is: the whole chain, the nearest cause first.</summary>
/// <param name="RunId">The run.</param>
/// <param name="State">Its state.</param>
/// <param name="Reasons">The chain.</param>
public sealed record WhyAnswer(Guid RunId, RunState State, IReadOnlyList<WhyReason> Reasons);

/// <param name="Kind">A word for programs: NotWaiting, PartOfRun, RunPaused, NotDue, QueuePaused, LimitReached, NoAgentForQueue, AgentsOffline, NoAgentForTags, NoFreeSlot, RunsAhead, AboutToStart, TasksAwaitAllocation, TasksAwaitSlot.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="Until">When it ends by itself, where that is known.</param>
public sealed record WhyReason(string Kind, string Text, DateTimeOffset? Until = null);
