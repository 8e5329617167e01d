using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.WorkQueues;

static class InspectWorkQueue
{
    public static Command Create()
    {
        var name = QueueArgument.Create();
        var json = CommonOptions.Json();
        return new Command("inspect", "Show a work queue.") { name, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var queue = await QueueArgument.Ask(api.Client, context.Value(name), () => api.Client.WorkQueues.Get(context.Value(name), context.Cancellation), context.Cancellation);
            if (context.Value(json))
                Listing.Json(queue, ApiJson.Default.WorkQueueRow);
            else
                Listing.Facts(
                    context.Output,
                    ("name", queue.Name),
                    ("description", queue.Description),
                    ("state", queue.Paused ? "Paused" : "Open"),
                    ("concurrency limit", queue.ConcurrencyLimit?.ToString() ?? "none"),
                    ("priority", queue.Priority.ToString()),
                    ("waiting", queue.Waiting.ToString()),
                    ("active", queue.Active.ToString()),
                    ("agents", queue.Agents.ToString()));
            return ExitCodes.Done;
        });
    }
}
