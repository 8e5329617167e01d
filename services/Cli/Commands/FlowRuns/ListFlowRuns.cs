using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.FlowRuns;

static class ListFlowRuns
{
    const int DefaultLimit = 20;
    const int LargestPage = 200;
    static readonly string[] StateWords = [.. Enum.GetNames<RunStateType>(), "Late", "AwaitingRetry", "Retrying", "TimedOut", "Skipped"];

    public static Command Create()
    {
        var states = new Option<string[]>("--state") { Description = "A state's type or name. May be repeated.", HelpName = "STATE", DefaultValueFactory = _ => [] };
        var flows = new Option<string[]>("--flow") { Description = "A flow's name. May be repeated.", HelpName = "FLOW", DefaultValueFactory = _ => [] };
        var deployments = new Option<string[]>("--deployment") { Description = "A deployment: FLOW/NAME or id. May be repeated.", HelpName = "FLOW/NAME", DefaultValueFactory = _ => [] };
        var tags = CommonOptions.Tags("A tag that the runs carry. May be repeated: all are wanted.");
        var since = CommonOptions.TimeBehind("--since", "Runs created at or after a time, or within a duration (2h).", TimeProvider.System);
        var until = CommonOptions.TimeBehind("--until", "Runs created before a time.", TimeProvider.System);
        var parameters = CommonOptions.Parameters();
        var limit = CommonOptions.Number("--limit", $"At most so many rows; {DefaultLimit} where nothing is said.", 1);
        var json = CommonOptions.Json();
        return new Command("ls", "List flow runs, newest first.") { states, flows, deployments, tags, since, until, parameters, limit, json }.Does(async context =>
        {
            var count = context.Value(limit) ?? DefaultLimit;
            var filter = new FlowRunFilter
            {
                States = [.. context.Value(states).Select(StateWord)],
                Flows = context.Value(flows),
                Deployments = context.Value(deployments),
                Tags = context.Value(tags),
                Since = context.Value(since),
                Until = context.Value(until),
                Parameters = [.. ParameterArguments.Read(null, context.Value(parameters)).Select(p => KeyValuePair.Create(p.Key, p.Value?.ToJsonString() ?? "null"))],
                Limit = Math.Min(count, LargestPage),
            };
            await using var api = await ApiSession.Open(context);
            var runs = api.Client.FlowRuns.List(filter, context.Cancellation).Take(count);
            if (context.Value(json))
                await Listing.JsonRows(runs, ApiJson.Default.FlowRunRow);
            else
                Listing.Table(context.Output, Columns(context.Clock.GetUtcNow()), await runs.ToListAsync(context.Cancellation), "no flow runs");
            return ExitCodes.Done;
        });
    }

    internal static IReadOnlyList<Column<FlowRunRow>> Columns(DateTimeOffset now) =>
    [
        new("Id", r => r.Id.ToString()),
        new("Flow", r => r.FlowName, MayShrink: true),
        new("Name", r => r.Name, MayShrink: true),
        new("State", r => r.State.Name),
        new("Created", r => Words.Ago(r.CreatedAt, now)),
        new("Took", r => Words.Took(r.StartedAt, r.EndedAt, now), ToRight: true),
        new("Deployment", r => r.DeploymentName, MayShrink: true),
    ];

    static string StateWord(string given) =>
        StateWords.FirstOrDefault(w => w.Equals(given, StringComparison.OrdinalIgnoreCase))
        ?? throw CommandException.BadInput($"--state '{given}' is no state{(NearMatch.Clause(given, StateWords) is { Length: > 0 } near ? near : $"; the states are {string.Join(", ", StateWords)}")}");
}
