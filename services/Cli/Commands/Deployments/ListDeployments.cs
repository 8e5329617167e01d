using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Deployments;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Deployments;

static class ListDeployments
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        return new Command("ls", "List the deployments.") { json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var rows = api.Client.Deployments.List(null, context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(rows, ApiJson.Default.DeploymentRow);
            else
                Listing.Table(context.Output, Columns(context.Clock.GetUtcNow()), await rows.ToListAsync(context.Cancellation), "no deployments (holoflow deployment build makes one)");
            return ExitCodes.Done;
        });
    }

    static IReadOnlyList<Column<DeploymentRow>> Columns(DateTimeOffset now) =>
    [
        new("Deployment", d => $"{d.FlowName}/{d.Name}", MayShrink: true),
        new("Queue", d => d.Queue, MayShrink: true),
        new("Tags", d => Words.Join(d.Tags), MayShrink: true),
        new("Schedules", d => d.Schedules == 0 ? "-" : d.SchedulesPaused ? $"{d.Schedules} paused" : d.Schedules.ToString()),
        new("Updated", d => Words.Ago(d.UpdatedAt, now)),
        new("Description", d => d.Description, MayShrink: true),
    ];
}
