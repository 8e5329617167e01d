using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Tokens;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Tokens;

static class ListTokens
{
    static readonly Column<ApiTokenRow>[] Columns =
    [
        new("Name", t => t.Name, MayShrink: true),
        new("Scope", t => t.Scope.ToString().ToLowerInvariant()),
        new("State", t => t.Live ? "Valid" : t.RevokedAt is not null ? "Revoked" : "Expired"),
        new("Created", t => Words.Time(t.CreatedAt)),
        new("Expires", t => Words.Time(t.ExpiresAt) ?? "never"),
        new("Id", t => t.Id.ToString()),
    ];

    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "Also those that are revoked or have expired." };
        var json = CommonOptions.Json();
        return new Command("ls", "List the API tokens.") { all, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var tokens = (await api.Client.Tokens.List(context.Cancellation)).Where(t => context.Value(all) || t.Live).ToList();
            if (context.Value(json))
                await Listing.JsonRows(tokens, ApiJson.Default.ApiTokenRow);
            else
                Listing.Table(context.Output, Columns, tokens, "no API tokens");
            return ExitCodes.Done;
        });
    }
}
