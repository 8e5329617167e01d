using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Schedules;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Deployments;

static class InspectDeployment
{
    public static Command Create()
    {
        var name = DeploymentArgument.Create();
        var json = CommonOptions.Json();
        return new Command("inspect", "Show all of a deployment.") { name, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var deployment = await DeploymentArgument.Ask(api.Client, context.Value(name), key => api.Client.Deployments.Get(key, context.Cancellation), context.Cancellation);
            if (context.Value(json))
            {
                Listing.Json(deployment, ApiJson.Default.DeploymentDetail);
                return ExitCodes.Done;
            }
            Listing.Facts(
                context.Output,
                ("id", deployment.Id.ToString()),
                ("deployment", $"{deployment.FlowName}/{deployment.Name}"),
                ("description", deployment.Description),
                ("program", deployment.Program.Method is { } method ? $"{deployment.Program.Path}:{method}" : deployment.Program.Path),
                ("flow version", deployment.Program.FlowVersion),
                ("infrastructure", deployment.Infrastructure),
                ("cluster profile", deployment.Program.Cluster),
                ("queue", deployment.Queue),
                ("priority", deployment.Priority.ToString()),
                ("tags", Words.Join(deployment.Tags)),
                ("parameters", deployment.Parameters.GetRawText()),
                ("created", Words.Time(deployment.CreatedAt)),
                ("updated", Words.Time(deployment.UpdatedAt)));
            foreach (var schedule in deployment.ScheduleList)
                context.Output.WriteLine($"schedule  {TerminalText.Line(Describe(schedule))}");
            return ExitCodes.Done;
        });
    }

    static string Describe(ScheduleRow schedule)
    {
        var spec = schedule.Spec;
        var when = spec.Cron is { } cron ? $"cron {cron}" : spec.Rrule is { } rule ? $"rrule {rule}" : $"every {DurationText.Format(TimeSpan.FromSeconds(spec.IntervalSeconds ?? 0))}";
        var next = schedule.Next.Count == 0 ? "" : $"; next {Words.Time(schedule.Next[0])}";
        return $"{when} ({spec.TimeZone ?? "UTC"}){(spec.Active ? next : "; paused")}";
    }
}
