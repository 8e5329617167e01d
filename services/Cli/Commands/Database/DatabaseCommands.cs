using System.CommandLine;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands.Database;

/// <summary>Commands about the database: the one that <c>HOLOFLOW_DATABASE</c> names, else that of the state directory.</summary>
static class DatabaseCommands
{
    public static Command Upgrade() => new Command("upgrade", "Make the database, or bring an older one up to date.").Does(async context =>
    {
        var schema = InstallationDatabase.Location() is { } location
            ? await StateDatabase.UpgradeAtAsync(location, context.Cancellation)
            : await StateDatabase.UpgradeAsync(context.Paths.Home, context.Cancellation);
        context.Output.WriteLine($"{schema.Database}: schema version {schema.Version}");
        return ExitCodes.Done;
    });

    public static Command Check() => new Command("check", "Read the whole database to find damage; changes nothing.").Does(async context =>
    {
        var schema = InstallationDatabase.Location() is { } location
            ? await StateDatabase.CheckAtAsync(location, context.Cancellation)
            : await StateDatabase.CheckAsync(context.Paths.Home, context.Cancellation);
        context.Output.WriteLine($"{schema.Database}: sound, schema version {schema.Version}");
        return ExitCodes.Done;
    });
}
