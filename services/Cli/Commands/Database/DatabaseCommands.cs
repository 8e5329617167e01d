using System.CommandLine;
using Holoflow.Cli.Output;
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

    public static Command Check() => new Command("check", "Read the whole database, living or not, to find damage and histories that cannot be; changes nothing.").Does(async context =>
    {
        var found = InstallationDatabase.Location() is { } location
            ? await StateDatabase.CheckAtAsync(location, context.Cancellation)
            : await StateDatabase.CheckAsync(context.Paths.Home, context.Cancellation);
        foreach (var fault in found.Faults)
            context.Output.WriteLine(TerminalText.Line(fault));
        if (found.Faults.Count > 0)
            throw CommandException.Failed($"{found.Schema.Database}: {found.Faults.Count} histories cannot be, among {found.Runs} flow runs and {found.Tasks} task runs: each is named above; restore a copy, or report it");
        context.Output.WriteLine($"{found.Schema.Database}: sound, schema version {found.Schema.Version}; the histories of {found.Runs} flow runs and {found.Tasks} task runs are legal");
        return ExitCodes.Done;
    });
}
