using System.CommandLine;
using Holoflow.Cli.Input;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.WorkQueues;

/// <summary>The work queue that a command is about.</summary>
static class QueueArgument
{
    const int NotFound = 404;

    public static Argument<string> Create() => new("queue") { HelpName = "NAME", Description = "The work queue's name." };

    /// <summary>Asks something about a queue; where there is none of that name, the message suggests others.</summary>
    public static async Task<T> Ask<T>(HoloflowClient client, string name, Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (ApiRefusedException e) when (e.Status == NotFound)
        {
            var known = (await client.WorkQueues.List(cancellation)).Select(q => q.Name);
            throw CommandException.BadInput($"there is no work queue '{name}'{NearMatch.Clause(name, known)} (holoflow work-queue ls lists them)");
        }
    }
}
