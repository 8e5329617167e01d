using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Flows;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Flows;

static class ListFlows
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        return new Command("ls", "List the flows that have a deployment or a run.") { json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var flows = api.Client.Flows.List(null, context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(flows, ApiJson.Default.FlowRow);
            else
                Listing.Table(context.Output, Columns(context.Clock.GetUtcNow()), await flows.ToListAsync(context.Cancellation), "no flows");
            return ExitCodes.Done;
        });
    }

    static IReadOnlyList<Column<FlowRow>> Columns(DateTimeOffset now) =>
    [
        new("Name", f => f.Name, MayShrink: true),
        new("Deployments", f => f.Deployments.ToString(), ToRight: true),
        new("Last run", f => Words.Ago(f.LastRunAt, now)),
        new("Created", f => Words.Ago(f.CreatedAt, now)),
    ];
}
