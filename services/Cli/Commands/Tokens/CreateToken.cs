using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Tokens;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Tokens;

/// <summary>Makes an API token: with no server, on the database of the state directory.</summary>
static class CreateToken
{
    const string Never = "never";
    static readonly TimeSpan DefaultLife = TimeSpan.FromDays(90);

    public static Command Create()
    {
        var name = new Argument<string>("name") { HelpName = "NAME", Description = "For people: who or what will hold it." };
        var scope = new Option<string>("--scope") { Description = "read (look), run (and start, cancel, retry), agent (and take runs) or admin (everything).", HelpName = "SCOPE", Required = true };
        var expires = new Option<string?>("--expires") { Description = "For how long it is taken, such as 30d, or never; 90d where nothing is said.", HelpName = "DURATION" };
        var json = CommonOptions.Json();
        return new Command("create", "Make an API token. It is shown once, on standard output.") { name, scope, expires, json }.Does(async context =>
        {
            var asked = new CreateApiToken { Name = context.Value(name), Scope = Scope(context.Value(scope)), ExpiresAt = ExpiresAt(context.Value(expires), context.Clock.GetUtcNow()) };
            await using var api = await ApiSession.Open(context);
            var created = await api.Client.Tokens.Create(asked, context.Cancellation);
            if (context.Value(json))
            {
                Listing.Json(created, ApiJson.Default.ApiTokenCreated);
                return ExitCodes.Done;
            }

            context.Output.WriteLine(created.Token);
            var until = created.ExpiresAt is { } end ? $"until {Words.Time(end)}" : "for ever";
            Console.Error.WriteLine($"API token '{TerminalText.Line(created.Name)}' of scope {created.Scope.ToString().ToLowerInvariant()}, {until}. It is not shown again: keep it in a file of mode 0600 and set HOLOFLOW_API_KEY_FILE to that");
            return ExitCodes.Done;
        });
    }

    static TokenScope Scope(string text) => string.Equals(text, nameof(TokenScope.Enroll), StringComparison.OrdinalIgnoreCase)
        ? throw CommandException.BadInput("a code that an agent enrols with is made by 'holoflow agent invite NAME'")
        : Enum.TryParse<TokenScope>(text, ignoreCase: true, out var scope) && Enum.IsDefined(scope) && !char.IsAsciiDigit(text[0])
        ? scope
        : throw CommandException.BadInput($"--scope '{text}' is no scope{NearMatch.Clause(text, ["read", "run", "agent", "admin"])}: read, run, agent or admin");

    static DateTimeOffset? ExpiresAt(string? text, DateTimeOffset now) => text switch
    {
        null => now + DefaultLife,
        Never => null,
        _ when DurationText.TryParse(text, out var life) && life > TimeSpan.Zero => now + life,
        _ => throw CommandException.BadInput($"--expires '{text}' is no duration: {DurationText.Examples}, or never"),
    };
}
