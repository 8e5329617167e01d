using System.CommandLine;
using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Commands.Profile;

static class UseProfile
{
    public static Command Create()
    {
        var name = new Argument<string>("profile") { HelpName = "NAME" };
        return new Command("use", "Switch to a profile.") { name }.Does(context =>
        {
            var file = new ProfileFile(context.Paths);
            file.Save(file.Load().Use(context.Value(name)));
            context.Output.WriteLine($"profile {context.Value(name)} is in use");
            return Task.FromResult(ExitCodes.Done);
        });
    }
}
