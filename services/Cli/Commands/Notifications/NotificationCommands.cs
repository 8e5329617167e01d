using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Notifications;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.Notifications;

/// <summary>Who is told of which changes of flow runs, and what was told.</summary>
static class NotificationCommands
{
    const int NotFound = 404;
    const int MostShown = 50;

    static readonly Column<NotificationRow>[] Columns =
    [
        new("Name", n => n.Name, MayShrink: true),
        new("When", When, MayShrink: true),
        new("By", n => n.Target.ToString().ToLowerInvariant()),
        new("To", n => n.Address, MayShrink: true),
        new("Active", n => n.Active ? "yes" : "no"),
    ];

    static readonly Column<NotificationDelivery>[] DeliveryColumns =
    [
        new("Time", d => d.CreatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss")),
        new("State", d => d.State),
        new("Attempts", d => d.Attempts.ToString(), ToRight: true),
        new("Run", d => d.RunId?.ToString() ?? "trial"),
        new("Error", d => d.Error ?? "", MayShrink: true),
    ];

    public static Argument<string> Name() => new("name") { HelpName = "NAME", Description = "The notification's name." };

    public static Command List()
    {
        var json = CommonOptions.Json();
        return new Command("ls", "List the notifications.") { json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var all = await api.Client.Notifications.List(context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(all, ApiJson.Default.NotificationRow);
            else
                Listing.Table(context.Output, Columns, all, "no notifications: make one with 'holoflow notification create NAME --webhook URL'");
            return ExitCodes.Done;
        });
    }

    public static Command Inspect()
    {
        var name = Name();
        var json = CommonOptions.Json();
        return new Command("inspect", "Show a notification.") { name, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var found = await Ask(api.Client, context.Value(name), () => api.Client.Notifications.Get(context.Value(name), context.Cancellation), context.Cancellation);
            if (context.Value(json))
                Listing.Json(found, ApiJson.Default.NotificationRow);
            else
                Listing.Facts(
                    context.Output,
                    ("name", found.Name),
                    ("when", When(found)),
                    ("by", found.Target.ToString().ToLowerInvariant()),
                    ("to", found.Address),
                    ("signed with", found.Secret ?? ""),
                    ("active", found.Active ? "yes" : "no"),
                    ("template", found.Template ?? ""));
            return ExitCodes.Done;
        });
    }

    public static Command Test() => Simple("test", "Tell of a run that does not exist, to see whether it arrives.", "on its way; 'holoflow notification deliveries' tells what became of it", (client, name, cancellation) => client.Notifications.Test(name, cancellation));

    public static Command Delete() => Simple("delete", "Remove a notification.", "deleted", (client, name, cancellation) => client.Notifications.Delete(name, cancellation));

    public static Command Deliveries()
    {
        var name = Name();
        var json = CommonOptions.Json();
        return new Command("deliveries", "List what a notification told, the newest first.") { name, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var deliveries = await Ask(api.Client, context.Value(name), () => Newest(api.Client, context.Value(name), context.Cancellation), context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(deliveries, ApiJson.Default.NotificationDelivery);
            else
                Listing.Table(context.Output, DeliveryColumns, deliveries, "nothing was told yet");
            return ExitCodes.Done;
        });
    }

    static async Task<IReadOnlyList<NotificationDelivery>> Newest(HoloflowClient client, string name, CancellationToken cancellation)
    {
        var newest = new List<NotificationDelivery>();
        await foreach (var delivery in client.Notifications.Deliveries(name, cancellation))
        {
            newest.Add(delivery);
            if (newest.Count == MostShown)
                break;
        }

        return newest;
    }

    static Command Simple(string verb, string description, string done, Func<HoloflowClient, string, CancellationToken, Task<CommandResult>> ask)
    {
        var name = Name();
        return new Command(verb, description) { name }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var result = await Ask(api.Client, context.Value(name), () => ask(api.Client, context.Value(name), context.Cancellation), context.Cancellation);
            CommandAnswers.Tell(context.Output, $"notification {context.Value(name)}", done, result);
            return ExitCodes.Done;
        });
    }

    static string When(NotificationRow rule) => string.Join(
        ", ",
        new[] { string.Join(" or ", rule.States), rule.LongerThanSeconds is { } span ? $"for {DurationText.Format(TimeSpan.FromSeconds(span))}" : "", rule.Flows.Count > 0 ? $"flow {string.Join(" or ", rule.Flows)}" : "", rule.Tags.Count > 0 ? $"tags {string.Join(" and ", rule.Tags)}" : "" }
            .Where(part => part.Length > 0));

    static async Task<T> Ask<T>(HoloflowClient client, string name, Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (ApiRefusedException e) when (e.Status == NotFound)
        {
            var known = (await client.Notifications.List(cancellation)).Select(n => n.Name);
            throw CommandException.BadInput($"there is no notification '{name}'{NearMatch.Clause(name, known)} (holoflow notification ls lists them)");
        }
    }
}
