using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Holoflow.ApiModel.Deployments;

namespace Holoflow.ApiModel.FlowRuns;

/// <summary>All of a flow run.</summary>
public sealed record FlowRunDetail : FlowRunRow
{
    public FlowRunDetail()
    {
    }

    /// <summary>What the lists show of the run, and its parameters.</summary>
    [SetsRequiredMembers]
    public FlowRunDetail(FlowRunRow row, JsonElement parameters)
        : base(row) => Parameters = parameters;

    public required JsonElement Parameters { get; init; }

    /// <summary>The flow's result, where it is small.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Null for a nested run, which has no process of its own.</summary>
    public FlowProgram? Program { get; init; }

    /// <summary>A run that has not started by then is skipped.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>The schedule that asked for it.</summary>
    public Guid? ScheduleId { get; init; }

    /// <summary>The agent that holds it.</summary>
    public string? AgentId { get; init; }

    /// <summary>Until when the agent's lease holds if it is not renewed.</summary>
    public DateTimeOffset? LeaseExpiresAt { get; init; }

    /// <summary>Retries by the flow's own policy that were used up.</summary>
    public int RetriesUsed { get; init; }

    /// <summary>How many task runs are in each state type.</summary>
    public IReadOnlyDictionary<string, int> TaskCounts { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);
}

/// <summary>One state in a run's history.</summary>
/// <param name="Version">Which change it is, from 1.</param>
/// <param name="State">The state that was entered.</param>
public sealed record RunHistoryEntry(long Version, RunState State);
