using System.Buffers;
using System.Text;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Definitions;

namespace Holoflow.StateStore.Runs;

/// <summary>A new run, once: a repeat by run id, idempotency key, or schedule and fire time gets the first one's id.</summary>
sealed class SubmitRunHandler(RunTransitions transitions)
{
    const string Repeated = """
        SELECT id, version FROM flow_runs WHERE id = $1
        UNION ALL SELECT id, version FROM flow_runs WHERE idempotency_key = $2
        UNION ALL SELECT id, version FROM flow_runs WHERE schedule_id = $3 AND fire_time = $4
        """;

    /// <summary>What is wrong with the message by itself; null: nothing.</summary>
    public static CommandAnswered? Check(SubmitRun message) =>
        SubmittedText.Object(message.Parameters, "parameters")
        ?? SubmittedText.OptionalName(message.RunName, "runName")
        ?? SubmittedText.OptionalName(message.Queue, "queue")
        ?? SubmittedText.Key(message.IdempotencyKey, "idempotencyKey")
        ?? SubmittedText.Tags(message.Tags, "tags")
        ?? (message.DeploymentId is null ? SubmittedText.Name(message.FlowName, "flowName") ?? CheckProgram(message.Program) : null);

    public CommandAnswered Handle(WriteSession session, SubmitRun message, DateTimeOffset now)
    {
        // Whether it is a repeat is only asked where it cannot be stored: most are not.
        DeploymentRecord? deployment = null;
        if (message.DeploymentId is { } deploymentId && (deployment = DeploymentTable.Load(session, deploymentId)) is null)
            return FindRepeat(session, message) ?? new CommandAnswered(CommandOutcome.NotFound, $"there is no deployment with the id {deploymentId}") { Field = "deploymentId" };
        if (deployment is not null && message.Queue is { } queue && !QueueTable.Exists(session, queue))
            return FindRepeat(session, message) ?? new CommandAnswered(CommandOutcome.Refused, $"there is no work queue '{queue}': make it with 'holoflow work-queue create'") { Field = "queue" };

        var program = message.Program ?? deployment!.Program;
        var created = new NewFlowRun
        {
            Run = FlowRun.Create(
                message.RunId,
                now,
                Microseconds.Cut(message.DueAt ?? message.FireTime ?? now),
                new RetryPolicy(program.Retries, TimeSpan.FromSeconds(program.RetryDelaySeconds)),
                new CrashPolicy(program.CrashReschedules),
                message.ExpiresAt is { } expires ? Microseconds.Cut(expires) : null),
            Name = message.RunName ?? RunNames.Of(message.RunId),
            FlowName = deployment?.FlowName ?? message.FlowName!,
            DeploymentId = deployment?.Id,
            DeploymentName = deployment?.Name,
            ScheduleId = message.ScheduleId,
            FireTime = message.FireTime,
            IdempotencyKey = message.IdempotencyKey,
            Queue = message.Queue ?? deployment?.Queue ?? QueueTable.Default,
            Priority = message.Priority ?? deployment?.Priority ?? 0,
            Tags = [.. (deployment?.Tags ?? []).Union(message.Tags, StringComparer.Ordinal)],
            Parameters = deployment is null ? message.Parameters : Overlay(deployment.Parameters, message.Parameters),
            Program = StoreFormat.Program(program),
        };
        if (!created.Insert(session))
            return FindRepeat(session, message)!;
        transitions.Announce(session, created.ToRecord());
        return new CommandAnswered(CommandOutcome.Accepted, Id: message.RunId, Version: created.Run.Version);
    }

    static CommandAnswered? FindRepeat(WriteSession session, SubmitRun message)
    {
        using var rows = session.Query(Repeated, message.RunId, message.IdempotencyKey, message.ScheduleId, message.FireTime);
        return rows.Next() ? new CommandAnswered(CommandOutcome.Ignored, "the run was submitted already", rows.Id(0), rows.Long(1)) : null;
    }

    static CommandAnswered? CheckProgram(RunProgram? program) => program switch
    {
        null => new CommandAnswered(CommandOutcome.Refused, "a run without a deployment needs its program") { Field = "program" },
        { Path: "" } => new CommandAnswered(CommandOutcome.Refused, "the program's path is empty") { Field = "program.path" },
        { Retries: < 0 } or { CrashReschedules: < 0 } => new CommandAnswered(CommandOutcome.Refused, "retries and crash reschedules are counted from 0") { Field = "program.retries" },
        _ when !(program.RetryDelaySeconds is >= 0 and <= 31_536_000) => new CommandAnswered(CommandOutcome.Refused, "the retry delay must be between 0 and 31536000 seconds") { Field = "program.retryDelaySeconds" },
        _ => null,
    };

    /// <summary>The deployment's values, and over them the run's; where the deployment has none, the run's text as it came.</summary>
    static JsonElement Overlay(string defaults, JsonElement given)
    {
        using var document = JsonDocument.Parse(defaults);
        if (!document.RootElement.EnumerateObject().Any())
            return given;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var parameter in document.RootElement.EnumerateObject().Where(p => !given.TryGetProperty(p.Name, out _)))
                parameter.WriteTo(writer);
            foreach (var parameter in given.EnumerateObject())
                parameter.WriteTo(writer);
            writer.WriteEndObject();
        }

        return StoreFormat.Element(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
