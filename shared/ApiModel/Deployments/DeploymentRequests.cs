using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.ApiModel.Schedules;

namespace Holoflow.ApiModel.Deployments;

/// <summary>Creates or replaces the deployment that the path names.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeploymentDefinition
{
    public string? Description { get; init; }

    public required FlowProgram Program { get; init; }

    /// <summary>JSON Schema of the parameters; null: any are taken.</summary>
    public JsonElement? ParameterSchema { get; init; }

    /// <summary>Defaults that the deployment sets over the flow's.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Null: <c>default</c>.</summary>
    public string? Queue { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A lower number goes first.</summary>
    public int Priority { get; init; }

    /// <summary><c>process</c>, or <c>slurm</c>: a job as the profile <c>program.cluster</c> says. Null: <c>slurm</c> where that is given, else <c>process</c>.</summary>
    public string? Infrastructure { get; init; }

    /// <summary>Null leaves the schedules as they are; a list replaces them.</summary>
    public IReadOnlyList<ScheduleSpec>? Schedules { get; init; }
}
