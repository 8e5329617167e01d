using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.TaskRuns;

static class ListTaskRuns
{
    const int DefaultLimit = 50;
    const int LargestPage = 1000;

    public static Command Create()
    {
        var run = new Option<string?>("--flow-run") { Description = "Only tasks of a flow run: its id or name.", HelpName = "RUN" };
        var states = new Option<string[]>("--state") { Description = "A state's type or name. May be repeated.", HelpName = "STATE", DefaultValueFactory = _ => [] };
        var tasks = new Option<string[]>("--task") { Description = "A task's name. May be repeated.", HelpName = "TASK", DefaultValueFactory = _ => [] };
        var tags = CommonOptions.Tags("A tag that the task runs carry. May be repeated: all are wanted.");
        var limit = CommonOptions.Number("--limit", $"At most so many rows; {DefaultLimit} where nothing is said.", 1);
        var json = CommonOptions.Json();
        return new Command("ls", "List task runs in order of submission.") { run, states, tasks, tags, limit, json }.Does(async context =>
        {
            var count = context.Value(limit) ?? DefaultLimit;
            await using var api = await ApiSession.Open(context);
            var filter = new TaskRunFilter
            {
                FlowRunId = context.Value(run) is { } text ? await RunReference.Resolve(api.Client, text, context.Cancellation) : null,
                States = context.Value(states),
                TaskNames = context.Value(tasks),
                Tags = context.Value(tags),
                Limit = Math.Min(count, LargestPage),
            };
            var rows = api.Client.TaskRuns.List(filter, context.Cancellation).Take(count);
            if (context.Value(json))
                await Listing.JsonRows(rows, ApiJson.Default.TaskRunRow);
            else
                Listing.Table(context.Output, Columns(context.Clock.GetUtcNow()), await rows.ToListAsync(context.Cancellation), "no task runs");
            return ExitCodes.Done;
        });
    }

    static IReadOnlyList<Column<TaskRunRow>> Columns(DateTimeOffset now) =>
    [
        new("Id", t => t.Id.ToString()),
        new("Task", t => t.TaskName, MayShrink: true),
        new("Name", t => t.Name, MayShrink: true),
        new("State", t => t.State.Name),
        new("Started", t => Words.Ago(t.StartedAt, now)),
        new("Took", t => Words.Took(t.StartedAt, t.EndedAt, now), ToRight: true),
        new("Message", t => t.State.Message, MayShrink: true),
    ];
}
