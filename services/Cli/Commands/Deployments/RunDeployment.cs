using System.CommandLine;
using System.Text.Json;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Commands.Run;
using Holoflow.Cli.Input;
using Holoflow.Cli.Live;

namespace Holoflow.Cli.Commands.Deployments;

static class RunDeployment
{
    const int LongestKey = 200;

    public static Command Create()
    {
        var name = DeploymentArgument.Create();
        var parameters = CommonOptions.Parameters();
        var file = CommonOptions.ParameterFile();
        var at = CommonOptions.TimeAhead("--at", "When to start.", TimeProvider.System);
        var delay = CommonOptions.Duration("--in", "In how long to start: 90, 1h30m, …");
        var priority = CommonOptions.Number("--priority", "A lower number goes first; the deployment's where nothing is said.", 0);
        var key = new Option<string?>("--idempotency-key") { Description = "A repeat with the same key makes no second run.", HelpName = "K" };
        var watch = new Option<bool>("--watch") { Description = "Show the run until it has ended; Ctrl-C cancels it." };
        var plain = CommonOptions.Plain();
        return new Command("run", "Ask for a run of a deployment.") { name, parameters, file, at, delay, priority, key, watch, plain }.Does(async context =>
        {
            if (context.Value(at) is not null && context.Value(delay) is not null)
                throw CommandException.BadInput("--at and --in do not go together: choose one");
            if (context.Value(key) is { } given && (given.Length is 0 or > LongestKey || given.Any(c => c is < ' ' or > '~')))
                throw CommandException.BadInput($"--idempotency-key must have 1 to {LongestKey} characters of printable ASCII");
            var run = new CreateDeploymentRun
            {
                Parameters = JsonElement.Parse(ParameterArguments.Read(context.Value(file), context.Value(parameters)).ToJsonString()),
                At = context.Value(at),
                DelaySeconds = context.Value(delay)?.TotalSeconds,
                Priority = context.Value(priority),
            };
            await using var api = await ApiSession.Open(context);
            var created = await DeploymentArgument.Ask(api.Client, context.Value(name), deployment => api.Client.Deployments.Run(deployment, run, context.Value(key), context.Cancellation), context.Cancellation);
            if (!context.Value(watch))
            {
                context.Output.WriteLine(created.Repeated ? $"flow run {created.Id} (asked for before with this key)" : $"flow run {created.Id}");
                return ExitCodes.Done;
            }
            using var presenter = RunPresenters.For(created.Id, context.Value(plain), context.Clock);
            return await RunFollowing.OnServer(api.Client, created.Id, presenter, context);
        });
    }
}
