using System.CommandLine;
using System.Text.Json.Serialization;
using Holoflow.Cli.Output;
using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Commands.Config;

/// <summary>A setting as <c>config view --json</c> shows it.</summary>
sealed record SettingRow(string Name, string? Value, string Source);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SettingRow))]
sealed partial class SettingRowFormat : JsonSerializerContext;

static class ViewSettings
{
    static readonly Column<SettingRow>[] Columns =
    [
        new("Setting", s => s.Name),
        new("Value", s => s.Value ?? "-"),
        new("Source", s => s.Source),
    ];

    public static Command Create()
    {
        var json = CommonOptions.Json();
        return new Command("view", "Show all settings, and where each comes from.") { json }.Does(async context =>
        {
            var paths = context.Settings.Paths;
            SettingRow[] rows =
            [
                new("profile", context.Settings.Profile, Environment.GetEnvironmentVariable(CurrentSettings.ProfileVariable) is { Length: > 0 } ? "environment" : "profiles"),
                .. Setting.All.Select(context.Settings.Of).Select(v => new SettingRow(v.Setting.Name, v.Value is not null && v.Setting.IsSecret ? "(hidden)" : v.Value, v.Source)),
                new("state directory", paths.Home, Environment.GetEnvironmentVariable(RunProtocol.RunEnvironment.Home) is { Length: > 0 } ? "environment" : "default"),
                new("profiles", new ProfileFile(paths).Path, "default"),
            ];
            if (context.Value(json))
                await Listing.JsonRows(rows, SettingRowFormat.Default.SettingRow);
            else
                Listing.Table(context.Output, Columns, rows, "");
            return ExitCodes.Done;
        });
    }
}
