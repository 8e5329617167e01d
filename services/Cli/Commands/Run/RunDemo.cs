using System.CommandLine;
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
        return new Command("demo", "Simulate a small holography observation, reduce it, and compare the beams with the truth.") { parameters, plain }.Does(async context =>
        {
            var exitCode = await RunFlow.Run(context, Path.Combine(AppContext.BaseDirectory, Entrypoint), ParameterArguments.Read(null, context.Value(parameters)), context.Value(plain));
            if (exitCode == ExitCodes.Done)
                context.Output.WriteLine("see it again with: holoflow flow-run ls, holoflow flow-run inspect NAME, holoflow flow-run logs NAME");
            return exitCode;
        });
    }
}
