using System.Text.Json;
using Holoflow.ApiModel.Agents;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.Flows;
using Holoflow.ApiModel.Schedules;
using Holoflow.ApiModel.WorkQueues;
using Holoflow.Contracts;
using Holoflow.ReadModel.Agents;
using Holoflow.ReadModel.Definitions;

namespace Holoflow.Api.Mapping;

/// <summary>What is stored of definitions and agents, in the API's words.</summary>
static class DefinitionMapping
{
    /// <summary>An agent that has not been heard of for this long is taken as gone.</summary>
    public static readonly TimeSpan AgentSilence = TimeSpan.FromSeconds(30);

    public static FlowRow ToRow(this FlowWithUse flow) => new()
    {
        Id = flow.Flow.Id,
        Name = flow.Flow.Name,
        CreatedAt = flow.Flow.CreatedAt,
        Deployments = flow.Deployments,
        LastRunAt = flow.LastRunAt,
    };

    public static DeploymentRow ToRow(this DeploymentWithSchedules stored) => new()
    {
        Id = stored.Deployment.Id,
        FlowName = stored.Deployment.FlowName,
        Name = stored.Deployment.Name,
        Description = stored.Deployment.Description,
        Queue = stored.Deployment.Queue,
        Priority = stored.Deployment.Priority,
        Tags = Json.Tags(stored.Deployment.Tags),
        Infrastructure = stored.Deployment.Infrastructure,
        Schedules = stored.Schedules,
        SchedulesPaused = stored is { Schedules: > 0, Active: 0 },
        CreatedAt = stored.Deployment.CreatedAt,
        UpdatedAt = stored.Deployment.UpdatedAt,
        Revision = stored.Deployment.Revision,
    };

    public static DeploymentDetail ToDetail(this DeploymentWithSchedules stored, IReadOnlyList<ScheduleRow> schedules) => new(
        stored.ToRow(),
        Json.Program(stored.Deployment.Program),
        JsonElement.Parse(stored.Deployment.ParameterSchema),
        JsonElement.Parse(stored.Deployment.Parameters))
    {
        ScheduleList = schedules,
    };

    public static ScheduleSpec ToSpec(this ScheduleOfDeployment stored) => new()
    {
        Cron = stored.Schedule.Cron,
        IntervalSeconds = stored.Schedule.IntervalSeconds,
        AnchorDate = stored.Schedule.AnchorDate,
        Rrule = stored.Schedule.Rrule,
        TimeZone = stored.Schedule.TimeZone,
        Active = stored.Schedule.Active,
        CatchUp = Enum.Parse<CatchUp>(stored.Schedule.CatchUp, ignoreCase: true),
        ExpirySeconds = stored.Schedule.ExpirySeconds,
        Parameters = stored.Schedule.Parameters is { } parameters ? JsonElement.Parse(parameters) : null,
    };

    public static ScheduleDefinition ToDefinition(this ScheduleSpec spec) => new()
    {
        Cron = spec.Cron,
        IntervalSeconds = spec.IntervalSeconds,
        AnchorDate = spec.AnchorDate,
        Rrule = spec.Rrule,
        TimeZone = spec.TimeZone,
        Active = spec.Active,
        CatchUp = spec.CatchUp.ToString().ToLowerInvariant(),
        ExpirySeconds = spec.ExpirySeconds,
        Parameters = spec.Parameters,
    };

    public static WorkQueueRow ToRow(this WorkQueueWithRuns stored, int agents) => new()
    {
        Name = stored.Queue.Name,
        Description = stored.Queue.Description,
        Paused = stored.Queue.Paused,
        ConcurrencyLimit = stored.Queue.ConcurrencyLimit,
        Priority = stored.Queue.Priority,
        Waiting = stored.Waiting,
        Active = stored.Active,
        Agents = agents,
        Revision = stored.Queue.Revision,
    };

    public static AgentRow ToRow(this AgentWithRuns stored, DateTimeOffset now) => new()
    {
        Id = stored.Agent.Id,
        Name = stored.Agent.Name,
        Host = stored.Agent.Host,
        Queues = Json.Tags(stored.Agent.Queues),
        Tags = Json.Tags(stored.Agent.Tags),
        Slots = stored.Agent.Slots,
        FreeSlots = stored.Agent.FreeSlots,
        Version = stored.Agent.Version,
        LastSeenAt = stored.Agent.LastSeen,
        Online = stored.IsOnline(now),
        Runs = stored.Runs,
    };

    public static bool IsOnline(this AgentWithRuns stored, DateTimeOffset now) => stored.Agent.Online && now - stored.Agent.LastSeen <= AgentSilence;
}
