using System.CommandLine;
using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Commands.Profile;

static class CreateProfile
{
    public static Command Create()
    {
        var name = new Argument<string>("profile") { HelpName = "NAME" };
        return new Command("create", "Create an empty profile.") { name }.Does(context =>
        {
            var file = new ProfileFile(context.Paths);
            file.Save(file.Load().Create(context.Value(name)));
            context.Output.WriteLine($"created profile {context.Value(name)}; holoflow profile use {context.Value(name)} switches to it");
            return Task.FromResult(ExitCodes.Done);
        });
    }
}
