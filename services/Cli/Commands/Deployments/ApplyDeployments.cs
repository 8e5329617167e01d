using System.CommandLine;
using Holoflow.Cli.Commands.Clusters;
using Holoflow.Cli.DeploymentFiles;
using Holoflow.Cli.Entrypoints;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Deployments;

static class ApplyDeployments
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file") { HelpName = "FILE.yaml", Description = "Deployment files, each with one or more documents.", Arity = ArgumentArity.OneOrMore };
        return new Command("apply", "Create or replace deployments from files: all of them, or none where one is wrong.") { files }.Does(async context =>
        {
            var flows = FlowLookup.In(context.Paths.Home);
            var ready = new List<ReadyDeployment>();
            foreach (var file in context.Value(files).SelectMany(DeploymentFileReader.Read))
                ready.Add(await DeploymentDefinitions.Prepare(file, flows, ClusterCommands.Files(context), context.Cancellation));
            if (ready.GroupBy(d => (d.FlowName, d.Name)).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw CommandException.BadInput($"deployment {twice.Key.FlowName}/{twice.Key.Name} is in the files twice");
            await Send(context, ready);
            return ExitCodes.Done;
        });
    }

    /// <summary>Sends deployments that were checked.</summary>
    public static async Task Send(CommandContext context, IReadOnlyList<ReadyDeployment> deployments)
    {
        await using var api = await ApiSession.Open(context);
        foreach (var (flow, name, definition) in deployments)
        {
            var result = await api.Client.Deployments.Put(flow, name, definition, context.Cancellation);
            CommandAnswers.Tell(context.Output, $"deployment {flow}/{name}", "applied", result);
        }
        if (deployments.Count > 0)
            context.Output.WriteLine($"run it with: holoflow deployment run \"{TerminalText.Line($"{deployments[0].FlowName}/{deployments[0].Name}")}\"");
    }
}
