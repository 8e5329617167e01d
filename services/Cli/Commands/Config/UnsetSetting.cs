using System.CommandLine;
using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Commands.Config;

static class UnsetSetting
{
    public static Command Create()
    {
        var name = new Argument<string>("setting") { HelpName = "NAME" };
        return new Command("unset", "Take a setting out of the profile in use.") { name }.Does(context =>
        {
            var setting = Setting.Named(context.Value(name));
            var file = new ProfileFile(context.Settings.Paths);
            file.Save(file.Load().Unset(context.Settings.Profile, setting.Name));
            context.Output.WriteLine($"{setting.Name} is not set in profile {context.Settings.Profile}");
            return Task.FromResult(ExitCodes.Done);
        });
    }
}
