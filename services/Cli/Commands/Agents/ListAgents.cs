using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Agents;
using Holoflow.Cli.Output;
using Holoflow.Contracts;

namespace Holoflow.Cli.Commands.Agents;

static class ListAgents
{
    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "Also the ended agents of single 'holoflow run' commands." };
        var json = CommonOptions.Json();
        return new Command("ls", "List the agents.") { all, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var agents = (await api.Client.Agents.List(context.Cancellation))
                .Where(a => context.Value(all) || a.Online || !PrivateQueue.Is(a.Name)).ToList();
            if (context.Value(json))
                await Listing.JsonRows(agents, ApiJson.Default.AgentRow);
            else
                Listing.Table(context.Output, Columns(context.Clock.GetUtcNow()), agents, "no agents");
            return ExitCodes.Done;
        });
    }

    static IReadOnlyList<Column<AgentRow>> Columns(DateTimeOffset now) =>
    [
        new("Name", a => a.Name, MayShrink: true),
        new("Host", a => a.Host, MayShrink: true),
        new("State", a => a.Online ? "Online" : "Offline"),
        new("Seen", a => Words.Ago(a.LastSeenAt, now)),
        new("Queues", a => Words.Join(a.Queues), MayShrink: true),
        new("Tags", a => Words.Join(a.Tags), MayShrink: true),
        new("Runs", a => a.Runs.ToString(), ToRight: true),
        new("Free", a => $"{a.FreeSlots}/{a.Slots}", ToRight: true),
        new("Version", a => a.Version),
    ];
}
