using System.CommandLine;
using Holoflow.Cli.Commands.Clusters;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Commands.Run;

static class RunDemo
{
    /// <summary>The program beside this one, and its method, that the demonstration runs.</summary>
    const string Entrypoint = "Holoflow.HolographyFlow.dll:Demo";

    public static Command Create()
    {
        var parameters = CommonOptions.Parameters();
        var plain = CommonOptions.Plain();
        var cluster = ClusterCommands.ForRun();
        return new Command("demo", "Simulate a small holography observation, reduce it, and compare the beams with the truth.") { parameters, plain, cluster }.Does(async context =>
        {
            var exitCode = await RunFlow.Run(context, Path.Combine(AppContext.BaseDirectory, Entrypoint), ParameterArguments.Read(null, context.Value(parameters)), context.Value(plain), context.Value(cluster));
            if (exitCode == ExitCodes.Done)
                context.Output.WriteLine("see it again with: holoflow flow-run ls, holoflow flow-run inspect NAME, holoflow flow-run logs NAME");
            return exitCode;
        });
    }
}
