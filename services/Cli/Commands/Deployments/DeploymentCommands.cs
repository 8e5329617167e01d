using System.CommandLine;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.Deployments;

/// <summary>Commands that change one thing of one deployment.</summary>
static class DeploymentCommands
{
    public static Command Delete() => Simple("delete", "Delete a deployment and its schedules; its runs stay.", "deleted", (client, key, cancellation) => client.Deployments.Delete(key, cancellation));

    public static Command PauseSchedule() => Simple(
        "pause-schedule", "Switch all schedules of a deployment off.", "schedules are paused", (client, key, cancellation) => client.Deployments.PauseSchedules(key, cancellation));

    public static Command ResumeSchedule() => Simple(
        "resume-schedule", "Switch all schedules of a deployment on.", "schedules are on", (client, key, cancellation) => client.Deployments.ResumeSchedules(key, cancellation));

    public static Command SetSchedule()
    {
        var name = DeploymentArgument.Create();
        var schedule = new ScheduleOptions();
        var none = new Option<bool>("--none") { Description = "Take all schedules away." };
        var command = new Command("set-schedule", "Replace the schedules of a deployment by one.") { name };
        schedule.AddTo(command);
        command.Add(none);
        return command.Does(context =>
        {
            var spec = schedule.Read(context);
            if (spec is null != context.Value(none))
                throw CommandException.BadInput(spec is null ? "say when: --cron, --interval or --rrule (or --none to take the schedules away)" : "--none does not go with a schedule");
            return Ask(context, context.Value(name), spec is null ? "has no schedule" : "scheduled", (client, key, cancellation) =>
                client.Deployments.SetSchedules(key, spec is null ? [] : [spec], cancellation));
        });
    }

    static Command Simple(string verb, string description, string done, Func<HoloflowClient, DeploymentKey, CancellationToken, Task<CommandResult>> ask)
    {
        var name = DeploymentArgument.Create();
        return new Command(verb, description) { name }.Does(context => Ask(context, context.Value(name), done, ask));
    }

    static async Task<int> Ask(CommandContext context, string name, string done, Func<HoloflowClient, DeploymentKey, CancellationToken, Task<CommandResult>> ask)
    {
        await using var api = await ApiSession.Open(context);
        var result = await DeploymentArgument.Ask(api.Client, name, key => ask(api.Client, key, context.Cancellation), context.Cancellation);
        CommandAnswers.Tell(context.Output, $"deployment {name}", done, result);
        return ExitCodes.Done;
    }
}
