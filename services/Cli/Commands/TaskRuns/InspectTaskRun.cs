using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.TaskRuns;

static class InspectTaskRun
{
    public static Command Create()
    {
        var reference = new Argument<string>("task-run") { HelpName = "TASK-RUN", Description = "A task run's id." };
        var json = CommonOptions.Json();
        return new Command("inspect", "Show all of a task run.") { reference, json }.Does(async context =>
        {
            if (!Guid.TryParse(context.Value(reference), out var id))
                throw CommandException.BadInput($"'{context.Value(reference)}' is no task run's id (holoflow task-run ls lists them)");
            await using var api = await ApiSession.Open(context);
            var task = await api.Client.TaskRuns.Get(id, context.Cancellation);
            if (context.Value(json))
                Listing.Json(task, ApiJson.Default.TaskRunDetail);
            else
                Listing.Facts(
                    context.Output,
                    ("id", task.Id.ToString()),
                    ("name", task.Name),
                    ("task", task.TaskName),
                    ("description", task.Description),
                    ("key", task.Key),
                    ("flow run", $"{task.FlowName} / {task.FlowRunName} ({task.FlowRunId})"),
                    ("state", task.State.Message is { Length: > 0 } message ? $"{task.State.Name}: {message}" : task.State.Name),
                    ("executions", task.RunCount.ToString()),
                    ("created", Words.Time(task.CreatedAt)),
                    ("started", Words.Time(task.StartedAt)),
                    ("ended", Words.Time(task.EndedAt)),
                    ("took", Words.Took(task.StartedAt, task.EndedAt, context.Clock.GetUtcNow())),
                    ("tags", Words.Join(task.Tags)),
                    ("inputs", Words.Join([.. task.Inputs.Select(i => i.Name == "" ? $"{i.TaskRunId} (waits)" : $"{i.Name} from {i.TaskRunId}")])));
            return ExitCodes.Done;
        });
    }
}
