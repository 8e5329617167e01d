using System.CommandLine;
using Holoflow.ApiModel.Notifications;

namespace Holoflow.Cli.Commands.Notifications;

/// <summary>Says who is told of which changes of flow runs.</summary>
static class CreateNotification
{
    public static Command Create()
    {
        var name = NotificationCommands.Name();
        var webhook = new Option<string?>("--webhook") { Description = "Post it as JSON to this web address.", HelpName = "URL" };
        var email = new Option<string[]>("--email") { Description = "Send it as a mail. May be repeated.", HelpName = "ADDRESS", DefaultValueFactory = _ => [] };
        var events = new Option<string?>("--events") { Description = "Publish it as a CloudEvent on this exchange of the observatory's broker.", HelpName = "EXCHANGE" };
        var states = new Option<string[]>("--state") { Description = "The state's type or name, such as Failed, Crashed, Late. May be repeated; Failed and Crashed where nothing is said.", HelpName = "STATE", DefaultValueFactory = _ => [] };
        var flows = new Option<string[]>("--flow") { Description = "Only of runs of this flow. May be repeated.", HelpName = "FLOW", DefaultValueFactory = _ => [] };
        var tags = CommonOptions.Tags("Only of runs that carry this tag. May be repeated: all of them.");
        var longer = CommonOptions.Duration("--longer-than", "Only of runs that have been in the state for so long, such as 2h.");
        var template = new Option<string?>("--template") { Description = "A file with the text to send; {{run.name}}, {{state.name}}, {{state.message}} and others are filled in.", HelpName = "FILE" };
        var secret = new Option<string?>("--secret") { Description = "The name of a file in the server's directory of secrets (HOLOFLOW_NOTIFY_SECRETS), with the key that webhooks are signed with.", HelpName = "NAME" };
        var off = new Option<bool>("--off") { Description = "Keep it, and tell nobody for now." };
        return new Command("create", "Say who is told of which changes of flow runs; of one that is there, change it.") { name, webhook, email, events, states, flows, tags, longer, template, secret, off }.Does(async context =>
        {
            (NotificationTarget Target, string Address)[] targets =
            [
                .. To(NotificationTarget.Webhook, context.Value(webhook)),
                .. To(NotificationTarget.Email, context.Value(email) is { Length: > 0 } mails ? string.Join(',', mails) : null),
                .. To(NotificationTarget.Events, context.Value(events)),
            ];
            if (targets is not [var (target, address)])
                throw CommandException.BadInput("say where to: one of --webhook URL, --email ADDRESS or --events EXCHANGE");
            var definition = new NotificationDefinition
            {
                States = context.Value(states) is { Length: > 0 } given ? given : context.Value(longer) is null ? ["Failed", "Crashed"] : ["Running"],
                Flows = context.Value(flows),
                Tags = context.Value(tags),
                LongerThanSeconds = context.Value(longer)?.TotalSeconds,
                Target = target,
                Address = address,
                Template = context.Value(template) is { } file ? Read(file) : null,
                Secret = context.Value(secret),
                Active = !context.Value(off),
            };
            await using var api = await ApiSession.Open(context);
            CommandAnswers.Tell(context.Output, $"notification {context.Value(name)}", "is set", await api.Client.Notifications.Put(context.Value(name), definition, context.Cancellation));
            return ExitCodes.Done;
        });
    }

    static (NotificationTarget Target, string Address)[] To(NotificationTarget target, string? address) => address is null ? [] : [(target, address)];

    static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"--template '{file}' cannot be read: {e.Message}");
        }
    }
}
