using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.WorkQueues;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.WorkQueues;

static class ListWorkQueues
{
    static readonly Column<WorkQueueRow>[] Columns =
    [
        new("Name", q => q.Name, MayShrink: true),
        new("State", q => q.Paused ? "Paused" : "Open"),
        new("Limit", q => q.ConcurrencyLimit?.ToString() ?? "-", ToRight: true),
        new("Priority", q => q.Priority.ToString(), ToRight: true),
        new("Waiting", q => q.Waiting.ToString(), ToRight: true),
        new("Active", q => q.Active.ToString(), ToRight: true),
        new("Agents", q => q.Agents.ToString(), ToRight: true),
        new("Description", q => q.Description, MayShrink: true),
    ];

    public static Command Create()
    {
        var json = CommonOptions.Json();
        return new Command("ls", "List the work queues.") { json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var queues = await api.Client.WorkQueues.List(context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(queues, ApiJson.Default.WorkQueueRow);
            else
                Listing.Table(context.Output, Columns, queues, "no work queues");
            return ExitCodes.Done;
        });
    }
}
