using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands;

/// <summary>Tells what became of something asked for.</summary>
static class CommandAnswers
{
    public static void Tell(TextWriter output, string subject, string done, CommandResult result) =>
        output.WriteLine(result.Changed
            ? $"{TerminalText.Line(subject)}: {done}"
            : $"{TerminalText.Line(subject)}: nothing to do: {TerminalText.Line(result.Reason ?? "it was so already")}");
}
