using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.ApiModel.Agents;
using Holoflow.ApiModel.Allocations;
using Holoflow.ApiModel.Artifacts;
using Holoflow.ApiModel.ConcurrencyLimits;
using Holoflow.ApiModel.DeadLetters;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.Events;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Flows;
using Holoflow.ApiModel.Logs;
using Holoflow.ApiModel.Notifications;
using Holoflow.ApiModel.Overview;
using Holoflow.ApiModel.Schedules;
using Holoflow.ApiModel.Server;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.ApiModel.Tokens;
using Holoflow.ApiModel.WorkQueues;

namespace Holoflow.ApiModel;

/// <summary>JSON of every request and response, generated at build: camelCase, enums by name, a member given twice is refused.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(CreateDeploymentRun))]
[JsonSerializable(typeof(CreateFlowRun))]
[JsonSerializable(typeof(RunCreated))]
[JsonSerializable(typeof(RunCommand))]
[JsonSerializable(typeof(CommandResult))]
[JsonSerializable(typeof(Page<FlowRunRow>))]
[JsonSerializable(typeof(FlowRunDetail))]
[JsonSerializable(typeof(FlowRunCounts))]
[JsonSerializable(typeof(IReadOnlyList<RunHistoryEntry>))]
[JsonSerializable(typeof(RunGraph))]
[JsonSerializable(typeof(RunProgress))]
[JsonSerializable(typeof(WhyAnswer))]
[JsonSerializable(typeof(RunUpdate))]
[JsonSerializable(typeof(Page<TaskRunRow>))]
[JsonSerializable(typeof(TaskRunDetail))]
[JsonSerializable(typeof(Page<FlowRow>))]
[JsonSerializable(typeof(DeploymentDefinition))]
[JsonSerializable(typeof(Page<DeploymentRow>))]
[JsonSerializable(typeof(DeploymentDetail))]
[JsonSerializable(typeof(SetSchedules))]
[JsonSerializable(typeof(IReadOnlyList<ScheduleRow>))]
[JsonSerializable(typeof(ConcurrencyLimitRow))]
[JsonSerializable(typeof(IReadOnlyList<ConcurrencyLimitRow>))]
[JsonSerializable(typeof(SetConcurrencyLimit))]
[JsonSerializable(typeof(CreateWorkQueue))]
[JsonSerializable(typeof(ChangeWorkQueue))]
[JsonSerializable(typeof(WorkQueueRow))]
[JsonSerializable(typeof(IReadOnlyList<WorkQueueRow>))]
[JsonSerializable(typeof(WorkQueuePreview))]
[JsonSerializable(typeof(AgentRow))]
[JsonSerializable(typeof(AgentEnrollment))]
[JsonSerializable(typeof(AgentEnrolled))]
[JsonSerializable(typeof(IReadOnlyList<AgentRow>))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(IReadOnlyList<ArtifactRow>))]
[JsonSerializable(typeof(IReadOnlyList<AllocationRow>))]
[JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(ServerStatus))]
[JsonSerializable(typeof(DeadLetterChoice))]
[JsonSerializable(typeof(DeadLetterRow))]
[JsonSerializable(typeof(DeadLettersDone))]
[JsonSerializable(typeof(IReadOnlyList<DeadLetterRow>))]
[JsonSerializable(typeof(NotificationDefinition))]
[JsonSerializable(typeof(NotificationRow))]
[JsonSerializable(typeof(IReadOnlyList<NotificationRow>))]
[JsonSerializable(typeof(Page<NotificationDelivery>))]
[JsonSerializable(typeof(CreateApiToken))]
[JsonSerializable(typeof(ApiTokenCreated))]
[JsonSerializable(typeof(IReadOnlyList<ApiTokenRow>))]
[JsonSerializable(typeof(ServerOverview))]
[JsonSerializable(typeof(TaskTimeline))]
[JsonSerializable(typeof(Page<ArtifactOfRun>))]
[JsonSerializable(typeof(PreviewSchedule))]
[JsonSerializable(typeof(SchedulePreview))]
public sealed partial class ApiJson : JsonSerializerContext;
