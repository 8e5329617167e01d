using System.CommandLine;

namespace Holoflow.Cli.Commands;

/// <summary>The flow that a command is about.</summary>
static class EntrypointArgument
{
    public static Argument<string> Create() => new("entrypoint") { HelpName = "ENTRYPOINT", Description = "path/to/Program.dll[:Method], or path/to/executable[:Method]." };
}
