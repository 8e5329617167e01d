using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Holoflow.ApiModel.Schedules;

namespace Holoflow.ApiModel.Deployments;

/// <summary>A deployment in a list.</summary>
public record DeploymentRow
{
    public required Guid Id { get; init; }

    public required string FlowName { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Queue { get; init; }

    public int Priority { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required string Infrastructure { get; init; }

    /// <summary>True where it has schedules and none of them is active.</summary>
    public bool SchedulesPaused { get; init; }

    public int Schedules { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; init; }
}

/// <summary>All of a deployment.</summary>
public sealed record DeploymentDetail : DeploymentRow
{
    public DeploymentDetail()
    {
    }

    /// <summary>What the lists show of the deployment, and what its runs are started with.</summary>
    [SetsRequiredMembers]
    public DeploymentDetail(DeploymentRow row, FlowProgram program, JsonElement parameterSchema, JsonElement parameters)
        : base(row)
    {
        Program = program;
        ParameterSchema = parameterSchema;
        Parameters = parameters;
    }

    public required FlowProgram Program { get; init; }

    public required JsonElement ParameterSchema { get; init; }

    public required JsonElement Parameters { get; init; }

    public IReadOnlyList<ScheduleRow> ScheduleList { get; init; } = [];
}

/// <summary>Which deployments a list shows, by flow and name.</summary>
public sealed record DeploymentFilter
{
    public IReadOnlyList<string> Flows { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>A part of the flow's or deployment's name.</summary>
    public string? Text { get; init; }

    /// <summary>Rows a page: 1 to 200; null: 50.</summary>
    public int? Limit { get; init; }
}
