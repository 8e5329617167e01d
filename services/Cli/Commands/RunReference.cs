using System.CommandLine;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Cli.Commands;

/// <summary>Finds the flow run that a person names: by its id, or by its name where only one run has it.</summary>
static class RunReference
{
    const int MostShown = 5;

    public static Argument<string> Argument() => new("run") { HelpName = "RUN", Description = "A flow run's id or name." };

    /// <summary>The run's id.</summary>
    /// <exception cref="CommandException">No run has the name, or several have.</exception>
    public static async Task<Guid> Resolve(HoloflowClient client, string text, CancellationToken cancellation)
    {
        if (Guid.TryParse(text, out var id))
            return id;
        if (text.Trim().Length == 0)
            throw CommandException.BadInput("the run's id or name is empty");
        var page = await client.FlowRuns.ListPage(new FlowRunFilter { Text = text, Limit = 200 }, null, cancellation);
        var named = page.Items.Where(r => r.Name == text).ToList();
        return named switch
        {
            [var only] => only.Id,
            [] => throw CommandException.BadInput($"no flow run is called '{text}'{Input.NearMatch.Clause(text, page.Items.Select(r => r.Name))} (holoflow flow-run ls lists them)"),
            _ => throw CommandException.BadInput($"{named.Count} flow runs are called '{text}'; name one by id: {string.Join(", ", named.Take(MostShown).Select(r => $"{r.Id} ({r.State.Name})"))}"),
        };
    }
}
