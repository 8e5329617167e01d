using System.CommandLine;
using System.Text.Json.Serialization;
using Holoflow.Cli.Output;
using Holoflow.Cli.Settings;

namespace Holoflow.Cli.Commands.Profile;

/// <summary>A profile as <c>profile ls --json</c> shows it.</summary>
sealed record ProfileRow(string Name, bool Active, IReadOnlyDictionary<string, string> Settings);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProfileRow))]
sealed partial class ProfileRowFormat : JsonSerializerContext;

static class ListProfiles
{
    static readonly Column<ProfileRow>[] Columns =
    [
        new("", p => p.Active ? "*" : ""),
        new("Profile", p => p.Name),
        new("Server", p => p.Settings.GetValueOrDefault(Setting.ApiUrl.Name) ?? "-", MayShrink: true),
    ];

    public static Command Create()
    {
        var json = CommonOptions.Json();
        return new Command("ls", "List the profiles.") { json }.Does(async context =>
        {
            var profiles = new ProfileFile(context.Paths).Load();
            var rows = profiles.All.Select(p => new ProfileRow(p.Key, p.Key == profiles.Active, p.Value)).ToList();
            if (context.Value(json))
                await Listing.JsonRows(rows, ProfileRowFormat.Default.ProfileRow);
            else
                Listing.Table(context.Output, Columns, rows, "");
            return ExitCodes.Done;
        });
    }
}
