using System.CommandLine;
using Holoflow.Cli.Output;
using Holoflow.Slurm.Profiles;

namespace Holoflow.Cli.Commands.Clusters;

static class ShowCluster
{
    public static Command Create()
    {
        var name = ClusterCommands.Profile();
        return new Command("show", "Show a cluster profile with every key, also those that it leaves out.") { name }.Does(async context =>
        {
            var profile = await ClusterCommands.Read(context, context.Value(name));
            context.Output.WriteLine($"# {TerminalText.Line(ClusterCommands.Files(context).PathOf(context.Value(name)))}");
            foreach (var line in ProfileWriter.Write(profile).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                context.Output.WriteLine(TerminalText.Line(line));
            return ExitCodes.Done;
        });
    }
}
