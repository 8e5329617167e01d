using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Logs;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Cli.Commands.Run;
using Holoflow.Cli.Live;
using Holoflow.Cli.Output;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.FlowRuns;

static class ShowLogs
{
    public static Command Create()
    {
        var reference = RunReference.Argument();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run has ended; on a terminal with its tasks below the log." };
        var plain = CommonOptions.Plain();
        var json = CommonOptions.Json();
        return new Command("logs", "Show the log of a flow run.") { reference, follow, plain, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var runs = api.Client.FlowRuns;
            var id = await RunReference.Resolve(api.Client, context.Value(reference), context.Cancellation);
            if (context.Value(follow) && !context.Value(json) && RunPresenters.IsLive(context.Value(plain)))
            {
                using var presenter = RunPresenters.For(id, plain: false, context.Clock);
                var exitCode = await RunFollowing.Watch(RunFollowing.Looked(api.Client, id, context), presenter, context.Interrupts);
                // Of the log nothing is wrong where the run failed.
                return exitCode == ExitCodes.Interrupted ? exitCode : ExitCodes.Done;
            }
            var lines = context.Value(follow) ? runs.FollowLogs(id, null, context.Cancellation) : runs.Logs(id, null, context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(lines, ApiJson.Default.LogRow);
            else
                await Show(context, api.Client, id, lines, context.Value(plain));
            return ExitCodes.Done;
        });
    }

    static async Task Show(CommandContext context, HoloflowClient client, Guid run, IAsyncEnumerable<LogRow> lines, bool plain)
    {
        var names = new Dictionary<Guid, string>();
        var colours = Terminal.ShowsColours && !plain;
        var isEmpty = true;
        await foreach (var line in lines)
        {
            isEmpty = false;
            var task = line.TaskRunId is { } id ? await Name(id) : null;
            foreach (var text in RunLines.Log(line, task))
                context.Output.WriteLine(colours ? text.Ansi(int.MaxValue) : text.Text(int.MaxValue));
        }
        if (isEmpty)
            context.Output.WriteLine("no log lines");

        // Names come by the page: one request a task would be slower than the log itself.
        async Task<string?> Name(Guid id)
        {
            if (!names.ContainsKey(id))
                await foreach (var task in client.TaskRuns.List(new TaskRunFilter { FlowRunId = run, Limit = 1000 }, context.Cancellation))
                    names[task.Id] = task.Name;
            return names.TryGetValue(id, out var name) ? name : names[id] = id.ToString();
        }
    }
}
