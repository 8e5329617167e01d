using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.Cli.Commands.FlowRuns;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.WorkQueues;

static class PreviewWorkQueue
{
    const int Most = 200;

    public static Command Create()
    {
        var name = QueueArgument.Create();
        var limit = CommonOptions.Number("--limit", "At most so many runs.", 1, Most);
        var json = CommonOptions.Json();
        return new Command("preview", "Show the runs that a work queue would hand out next.") { name, limit, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var preview = await QueueArgument.Ask(
                api.Client, context.Value(name), () => api.Client.WorkQueues.Preview(context.Value(name), context.Value(limit), context.Cancellation), context.Cancellation);
            if (context.Value(json))
            {
                Listing.Json(preview, ApiJson.Default.WorkQueuePreview);
                return ExitCodes.Done;
            }
            if (preview.Blocked is { } blocked)
                context.Output.WriteLine($"none would be handed out now: {TerminalText.Line(blocked)}");
            Listing.Table(context.Output, ListFlowRuns.Columns(context.Clock.GetUtcNow()), preview.Runs, "no runs wait");
            return ExitCodes.Done;
        });
    }
}
