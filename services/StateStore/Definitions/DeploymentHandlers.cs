using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Outbox;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Runs;

namespace Holoflow.StateStore.Definitions;

/// <summary>Creates, changes and removes deployments and their schedules.</summary>
sealed class DeploymentHandlers(OutboxRelay outbox, RunTransitions transitions)
{
    const string WaitingRuns = "SELECT id FROM flow_runs WHERE deployment_id = $1 AND state_type = 'Scheduled' ORDER BY created_at, id";

    public static CommandAnswered? Check(DefineDeployment message) =>
        SubmittedText.Name(message.FlowName, "flowName")
        ?? SubmittedText.Name(message.Name, "name")
        ?? SubmittedText.Name(message.Queue, "queue")
        ?? SubmittedText.Tags(message.Tags, "tags")
        ?? SubmittedText.Object(message.Parameters, "parameters")
        ?? SubmittedText.Object(message.ParameterSchema, "parameterSchema")
        ?? ScheduleCheck.Check(message.Schedules);

    public CommandAnswered Define(WriteSession session, DefineDeployment message, DateTimeOffset now)
    {
        var old = DeploymentTable.Find(session, message.FlowName, message.Name);
        var deployment = new DeploymentRecord
        {
            Id = old?.Id ?? Guid.CreateVersion7(now),
            FlowName = message.FlowName,
            Name = message.Name,
            Description = message.Description,
            ProgramJson = StoreFormat.Program(message.Program),
            ParameterSchema = message.ParameterSchema.GetRawText(),
            Parameters = message.Parameters.GetRawText(),
            Queue = message.Queue,
            TagsJson = StoreFormat.Tags(message.Tags),
            Priority = message.Priority,
            Infrastructure = message.Infrastructure,
            Revision = old?.Revision ?? 0,
        };
        var changed = deployment != old;
        deployment = deployment with { Revision = deployment.Revision + 1 };
        if (changed)
        {
            NewFlowRun.AddFlow(session, message.FlowName, now);
            AddQueue(session, message.Queue, now);
            DeploymentTable.Save(session, deployment, now);
        }

        var rescheduled = message.Schedules is { } schedules && ScheduleTable.Replace(session, deployment.Id, schedules, now);
        if (!changed && !rescheduled)
            return new CommandAnswered(CommandOutcome.Ignored, "nothing changed", old!.Id, old.Revision);
        if (!changed)
            DeploymentTable.RaiseRevision(session, deployment.Id, now);
        return Changed(session, deployment);
    }

    public CommandAnswered Delete(WriteSession session, DeleteDeployment message, DateTimeOffset now)
    {
        if (DeploymentTable.Load(session, message.DeploymentId) is not { } deployment)
            return NotFound(message.DeploymentId);
        foreach (var run in Waiting(session, deployment.Id))
            transitions.Apply(session, run, new FlowRunCommand.Cancel($"deployment '{deployment.FullName}' was deleted"), now);
        DeploymentTable.Delete(session, deployment.Id);
        return Changed(session, deployment with { Revision = deployment.Revision + 1 });
    }

    public CommandAnswered SetActive(WriteSession session, SetSchedulesActive message, DateTimeOffset now)
    {
        if (DeploymentTable.Load(session, message.DeploymentId) is not { } deployment)
            return NotFound(message.DeploymentId);
        if (!ScheduleTable.SetActive(session, deployment.Id, message.Active, now))
            return new CommandAnswered(CommandOutcome.Ignored, message.Active ? "its schedules are active already" : "its schedules are paused already", deployment.Id, deployment.Revision);
        DeploymentTable.RaiseRevision(session, deployment.Id, now);
        return Changed(session, deployment with { Revision = deployment.Revision + 1 });
    }

    public CommandAnswered DefineSchedules(WriteSession session, DefineSchedules message, DateTimeOffset now)
    {
        if (DeploymentTable.Load(session, message.DeploymentId) is not { } deployment)
            return NotFound(message.DeploymentId);
        if (!ScheduleTable.Replace(session, deployment.Id, message.Schedules, now))
            return new CommandAnswered(CommandOutcome.Ignored, "nothing changed", deployment.Id, deployment.Revision);
        DeploymentTable.RaiseRevision(session, deployment.Id, now);
        return Changed(session, deployment with { Revision = deployment.Revision + 1 });
    }

    public static CommandAnswered Advanced(WriteSession session, ScheduleAdvanced message) =>
        ScheduleTable.AdvanceThrough(session, message.ScheduleId, Microseconds.Cut(message.Through)) switch
        {
            null => new CommandAnswered(CommandOutcome.NotFound, $"there is no schedule {message.ScheduleId}") { Field = "scheduleId" },
            true => new CommandAnswered(CommandOutcome.Accepted, null, message.ScheduleId),
            false => new CommandAnswered(CommandOutcome.Ignored, "the schedule has come further already", message.ScheduleId),
        };

    static CommandAnswered NotFound(Guid id) => new(CommandOutcome.NotFound, $"there is no deployment with the id {id}") { Field = "deploymentId" };

    static List<Guid> Waiting(WriteSession session, Guid deploymentId)
    {
        return session.Query(WaitingRuns, deploymentId).ReadAll(rows => rows.Id(0));
    }

    void AddQueue(WriteSession session, string name, DateTimeOffset now)
    {
        if (QueueTable.Exists(session, name))
            return;
        QueueTable.Insert(session, new QueueRecord(name, null, false, null, 0, 1), now);
        outbox.Add(session, new DefinitionChanged("queue", null, name, 1));
    }

    CommandAnswered Changed(WriteSession session, DeploymentRecord deployment)
    {
        outbox.Add(session, new DefinitionChanged("deployment", deployment.Id, deployment.FullName, deployment.Revision));
        return new CommandAnswered(CommandOutcome.Accepted, null, deployment.Id, deployment.Revision);
    }
}
