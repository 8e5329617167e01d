using System.CommandLine;
using System.Reflection;

namespace Holoflow.Cli.Commands;

static class ShowVersion
{
    /// <summary>The version with the commit that it was built from.</summary>
    public static string Text => typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Command Create() => new Command("version", "Show the version of this program.").Does(context =>
    {
        context.Output.WriteLine(Text);
        return Task.FromResult(ExitCodes.Done);
    });
}
