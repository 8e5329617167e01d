using System.CommandLine;
using System.Text.Json.Nodes;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Commands.Clusters;
using Holoflow.Cli.Commands.Deployments;
using Holoflow.Cli.Entrypoints;
using Holoflow.Cli.Input;
using Holoflow.Cli.Live;
using Holoflow.Standalone.Watching;

namespace Holoflow.Cli.Commands.Run;

static class RunFlow
{
    public static Command Create()
    {
        var entrypoint = EntrypointArgument.Create();
        var parameters = CommonOptions.Parameters();
        var file = CommonOptions.ParameterFile();
        var plain = CommonOptions.Plain();
        var cluster = ClusterCommands.ForRun();
        return new Command("run", "Run a flow and show it until it has ended; Ctrl-C cancels it.") { entrypoint, parameters, file, plain, cluster }.Does(context => Run(
            context,
            context.Value(entrypoint),
            ParameterArguments.Read(context.Value(file), context.Value(parameters)),
            context.Value(plain),
            context.Value(cluster)));
    }

    /// <summary>Runs a flow to its end: on the server that the settings name, else with all services in this process.</summary>
    public static async Task<int> Run(CommandContext context, string entrypoint, JsonObject parameters, bool plain, string? cluster = null)
    {
        using var server = ApiAccess.ConfiguredServer(context.Settings);
        var found = await FlowLookup.In(context.Paths.Home).Find(entrypoint, context.Cancellation);
        var program = DeploymentDefinitions.Program(found);
        var run = new CreateFlowRun
        {
            FlowName = found.Flow.Name,
            // Paths among the parameters are meant from where the command was typed.
            Program = program with { WorkingDirectory = Environment.CurrentDirectory, Environment = await ClusterCommands.EnvironmentWith(context, cluster, program.Environment, isReadHere: server is null) },
            ParameterSchema = found.Flow.ParameterSchema,
            Parameters = ParameterChecks.Complete(found, parameters),
        };
        if (server is not null)
        {
            var created = await server.FlowRuns.Create(run, null, context.Cancellation);
            using var remote = RunPresenters.For(created.Id, plain, context.Clock);
            return await RunFollowing.OnServer(server, created.Id, remote, context);
        }

        await using var own = await OwnRun.StartAsync(context.Paths.Home, run, context.Clock, context.Cancellation);
        using var presenter = RunPresenters.For(own.Id, plain, context.Clock);
        return await RunFollowing.Watch(new WatchedRun(own.Updates(), () => own.CancelAsync("Ctrl-C"), own.KillAsync), presenter, context.Interrupts);
    }
}
