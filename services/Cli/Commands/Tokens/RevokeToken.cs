using System.CommandLine;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Tokens;

static class RevokeToken
{
    public static Command Create()
    {
        var name = new Argument<string>("token") { HelpName = "NAME|ID" };
        return new Command("revoke", "Take an API token's rights away, at once and for good.") { name }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var wanted = context.Value(name);
            var tokens = await api.Client.Tokens.List(context.Cancellation);
            var token = tokens.FirstOrDefault(t => t.RevokedAt is null && t.Name == wanted) ?? tokens.FirstOrDefault(t => t.Id.ToString() == wanted)
                ?? throw CommandException.BadInput($"there is no API token '{wanted}'{NearMatch.Clause(wanted, tokens.Where(t => t.RevokedAt is null).Select(t => t.Name))} (holoflow token ls lists them)");
            _ = await api.Client.Tokens.Revoke(token.Id, context.Cancellation);
            context.Output.WriteLine($"revoked API token {TerminalText.Line(token.Name)}");
            return ExitCodes.Done;
        });
    }
}
