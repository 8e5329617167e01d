using System.CommandLine;
using Holoflow.Cli.Input;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.Deployments;

/// <summary>The deployment that a command is about.</summary>
static class DeploymentArgument
{
    const int NotFound = 404;

    public static Argument<string> Create() => new("deployment") { HelpName = "FLOW/NAME", Description = "A deployment: FLOW/NAME or its id." };

    /// <summary>Asks something about a deployment; where there is none of that name, the message suggests others.</summary>
    public static async Task<T> Ask<T>(HoloflowClient client, string text, Func<DeploymentKey, Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask(DeploymentKey.Parse(text));
        }
        catch (FormatException)
        {
            throw CommandException.BadInput($"'{text}' names no deployment: write FLOW/NAME{await Suggestion(client, text, cancellation)}");
        }
        catch (ApiRefusedException e) when (e.Status == NotFound)
        {
            throw CommandException.BadInput($"there is no deployment '{text}'{await Suggestion(client, text, cancellation)} (holoflow deployment ls lists them)");
        }
    }

    static async Task<string> Suggestion(HoloflowClient client, string text, CancellationToken cancellation)
    {
        var known = await client.Deployments.List(null, cancellation).Select(d => $"{d.FlowName}/{d.Name}").ToListAsync(cancellation);
        var part = text.Split('/')[^1];
        return NearMatch.Clause(text, known) is { Length: > 0 } near ? near : NearMatch.Clause(part, known.Where(k => k.EndsWith($"/{part}", StringComparison.Ordinal) || k.StartsWith($"{part}/", StringComparison.Ordinal)));
    }
}
