using System.CommandLine;
using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Commands.Config;

static class SetSetting
{
    public static Command Create()
    {
        var pair = new Argument<string>("setting") { HelpName = "NAME=VALUE", Description = $"One of {string.Join(", ", Setting.All.Select(s => s.Name))}." };
        return new Command("set", "Set something in the profile in use.") { pair }.Does(context =>
        {
            var text = context.Value(pair);
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw CommandException.BadInput($"'{text}' is not NAME=VALUE; write for example {Setting.ApiUrl.Name}=http://127.0.0.1:4200");
            var setting = Setting.Named(text[..equals]);
            var value = setting.IsSecret ? ReadSecret(setting, text[(equals + 1)..]) : text[(equals + 1)..];
            setting.Check(value, "command line");
            var file = new ProfileFile(context.Settings.Paths);
            file.Save(file.Load().Set(context.Settings.Profile, setting.Name, value));
            context.Output.WriteLine($"{setting.Name}={(setting.IsSecret ? "(hidden)" : value)} in profile {context.Settings.Profile}");
            return Task.FromResult(ExitCodes.Done);
        });
    }

    static string ReadSecret(Setting setting, string given) => given == "-"
        ? Console.In.ReadLine()?.Trim() ?? ""
        : throw CommandException.BadInput($"a secret does not belong on a command line, where others see it: write {setting.Name}=- and give it on standard input");
}
