using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Tokens;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.Agents;

/// <summary>Makes a one-time code that one agent enrols with.</summary>
static class InviteAgent
{
    static readonly TimeSpan DefaultLife = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var name = new Argument<string>("name") { HelpName = "NAME", Description = "The agent's name." };
        var expires = CommonOptions.Duration("--expires", "For how long the code is taken, at most 7d; 1h where nothing is said.");
        var json = CommonOptions.Json();
        return new Command("invite", "Make a one-time code that an agent enrols with. It is shown once, on standard output.") { name, expires, json }.Does(async context =>
        {
            var asked = new CreateApiToken { Name = context.Value(name), Scope = TokenScope.Enroll, ExpiresAt = context.Clock.GetUtcNow() + (context.Value(expires) ?? DefaultLife) };
            await using var api = await ApiSession.Open(context);
            var created = await api.Client.Tokens.Create(asked, context.Cancellation);
            if (context.Value(json))
            {
                Listing.Json(created, ApiJson.Default.ApiTokenCreated);
                return ExitCodes.Done;
            }

            context.Output.WriteLine(created.Token);
            Console.Error.WriteLine(
                $"enrolment code of agent '{TerminalText.Line(created.Name)}', good once until {Words.Time(created.ExpiresAt)}. It is not shown again: on the agent's host, 'holoflow agent enroll URL --code-file FILE' takes it from a file, or with - from standard input");
            return ExitCodes.Done;
        });
    }
}
