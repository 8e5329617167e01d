using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Holoflow.Contracts;

/// <summary>JSON of every message, generated at build; messages are found by their pinned names, never by type names.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubmitRun))]
[JsonSerializable(typeof(CancelRun))]
[JsonSerializable(typeof(PauseRun))]
[JsonSerializable(typeof(ResumeRun))]
[JsonSerializable(typeof(RerunRun))]
[JsonSerializable(typeof(DeleteRun))]
[JsonSerializable(typeof(ImportRows))]
[JsonSerializable(typeof(ImportRun))]
[JsonSerializable(typeof(ForgetImport))]
[JsonSerializable(typeof(ImportLogLines))]
[JsonSerializable(typeof(DefineNotification))]
[JsonSerializable(typeof(DeleteNotification))]
[JsonSerializable(typeof(TestNotification))]
[JsonSerializable(typeof(CommandAnswered))]
[JsonSerializable(typeof(DefineDeployment))]
[JsonSerializable(typeof(DeleteDeployment))]
[JsonSerializable(typeof(SetSchedulesActive))]
[JsonSerializable(typeof(DefineSchedules))]
[JsonSerializable(typeof(ScheduleAdvanced))]
[JsonSerializable(typeof(DefineQueue))]
[JsonSerializable(typeof(DeleteQueue))]
[JsonSerializable(typeof(SetConcurrencyLimit))]
[JsonSerializable(typeof(DeleteConcurrencyLimit))]
[JsonSerializable(typeof(DefinitionChanged))]
[JsonSerializable(typeof(DefineApiToken))]
[JsonSerializable(typeof(RevokeApiToken))]
[JsonSerializable(typeof(EnrollAgent))]
[JsonSerializable(typeof(RunOffered))]
[JsonSerializable(typeof(ClaimRun))]
[JsonSerializable(typeof(ClaimAnswered))]
[JsonSerializable(typeof(RenewLeases))]
[JsonSerializable(typeof(LeasesRenewed))]
[JsonSerializable(typeof(ReportRun))]
[JsonSerializable(typeof(ReportTasks))]
[JsonSerializable(typeof(AgentCapacityChanged))]
[JsonSerializable(typeof(RunControl))]
[JsonSerializable(typeof(RunStateChanged))]
[JsonSerializable(typeof(TaskRunsChanged))]
[JsonSerializable(typeof(SweepRuns))]
[JsonSerializable(typeof(SweepAnswered))]
[JsonSerializable(typeof(LogChunk))]
[JsonSerializable(typeof(LogsStored))]
public sealed partial class MessageFormat : JsonSerializerContext
{
    /// <summary>The JSON form of a message type.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)(Default.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{typeof(T)} is no message"));
}
