using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Holoflow.Api.Access;
using Holoflow.ApiModel.Agents;
using Holoflow.Cli.Output;
using Holoflow.Cli.Settings;
using Holoflow.Client;
using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Cli.Commands.Agents;

/// <summary>Gets the agent of this home an API token and a user of the broker's of its own. Both secrets are made here; the server is sent their hashes.</summary>
static class EnrollAgent
{
    const string StandardInput = "-";
    const int PasswordBytes = 32;
    const int Unauthorized = 401;

    public static Command Create()
    {
        var url = new Argument<string>("url") { HelpName = "URL", Description = "The server, such as https://holoflow.example:4200." };
        var code = new Option<string>("--code-file") { Description = "The file that holds the code of 'holoflow agent invite'; - reads standard input.", HelpName = "FILE", Required = true };
        var replace = new Option<bool>("--replace") { Description = "Even where an agent is enrolled here already." };
        return new Command("enroll", "Enrol the agent of this state directory at a server, by a one-time code.") { url, code, replace }.Does(async context =>
        {
            var server = context.Value(url).TrimEnd('/');
            Setting.ApiUrl.Check(server, "URL");
            var home = context.Paths.Home;
            if (!context.Value(replace) && Enrollment.Load(home) is { } present)
                throw CommandException.BadInput($"agent '{present.Name}' is enrolled here already, at {present.Url}: --replace puts another one in its place");
            var given = await Code(context.Value(code), context.Cancellation);

            var (token, password) = (ApiTokenText.New(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes)));
            var prepared = Enrollment.Prepare(home, token, password);
            try
            {
                using var client = new HoloflowClient(new ClientOptions { BaseAddress = new Uri(server), Token = given, RetryFor = ApiAccess.Patience });
                var enrolled = await client.Agents.Enroll(new AgentEnrollment { TokenHash = ApiTokenText.HashOf(token), BrokerPasswordHash = BrokerPassword.HashOf(password) }, context.Cancellation);
                new Enrollment(server, enrolled.Name, enrolled.Broker?.Address, enrolled.Broker?.User).Save(home, prepared);
                context.Output.WriteLine($"enrolled agent {TerminalText.Line(enrolled.Name)} at {server}{(enrolled.Broker is { } broker ? $"; its messages go over {TerminalText.Line(broker.Address)} as {TerminalText.Line(broker.User)}" : "")}");
                if (enrolled.Note is { } note)
                    context.Output.WriteLine(TerminalText.Line(note));
                context.Output.WriteLine("holoflow agent start -q QUEUE starts it");
                return ExitCodes.Done;
            }
            catch (Exception e) when (e is ApiRefusedException or ApiUnreachableException or OperationCanceledException)
            {
                Directory.Delete(prepared, recursive: true);
                // The token that is wrong here is the code.
                if (e is ApiRefusedException { Status: Unauthorized })
                    throw CommandException.BadInput(e.Message);
                throw;
            }
        });
    }

    static async Task<string> Code(string file, CancellationToken cancellation)
    {
        try
        {
            var text = (file == StandardInput ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(file, cancellation)).Trim();
            return ApiTokenText.IsPossible(text) ? text : throw CommandException.BadInput($"--code-file {file} holds no enrolment code: the one line that 'holoflow agent invite' wrote is expected");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"--code-file {file} cannot be read: {e.Message}");
        }
    }
}
