using System.CommandLine;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.WorkQueues;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.WorkQueues;

/// <summary>Commands that change one thing of one work queue.</summary>
static class WorkQueueCommands
{
    public static Command Pause() => Simple("pause", "Hand out no more runs of a work queue.", "paused", (client, name, cancellation) => client.WorkQueues.Pause(name, cancellation));

    public static Command Resume() => Simple("resume", "Hand out runs of a work queue again.", "open", (client, name, cancellation) => client.WorkQueues.Resume(name, cancellation));

    public static Command Delete() => Simple("delete", "Delete a work queue.", "deleted", (client, name, cancellation) => client.WorkQueues.Delete(name, cancellation));

    public static Command ClearLimit() => Simple(
        "clear-concurrency-limit",
        "Take a work queue's limit away.",
        "has no limit",
        (client, name, cancellation) => client.WorkQueues.Change(name, new ChangeWorkQueue { ClearConcurrencyLimit = true }, cancellation));

    public static Command SetLimit()
    {
        var name = QueueArgument.Create();
        var limit = new Argument<int>("limit")
        {
            HelpName = "LIMIT",
            Description = "How many of its runs may be active at a time.",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, out var value) && value >= 0)
                    return value;
                result.AddError($"LIMIT '{result.Tokens[0].Value}' is no whole number of at least 0");
                return 0;
            },
        };
        return new Command("set-concurrency-limit", "Limit how many runs of a work queue are active at a time.") { name, limit }.Does(context => Ask(
            context,
            context.Value(name),
            $"limited to {context.Value(limit)}",
            (client, queue, cancellation) => client.WorkQueues.Change(queue, new ChangeWorkQueue { ConcurrencyLimit = context.Value(limit) }, cancellation)));
    }

    static Command Simple(string verb, string description, string done, Func<HoloflowClient, string, CancellationToken, Task<CommandResult>> ask)
    {
        var name = QueueArgument.Create();
        return new Command(verb, description) { name }.Does(context => Ask(context, context.Value(name), done, ask));
    }

    static async Task<int> Ask(CommandContext context, string name, string done, Func<HoloflowClient, string, CancellationToken, Task<CommandResult>> ask)
    {
        await using var api = await ApiSession.Open(context);
        var result = await QueueArgument.Ask(api.Client, name, () => ask(api.Client, name, context.Cancellation), context.Cancellation);
        CommandAnswers.Tell(context.Output, $"work queue {name}", done, result);
        return ExitCodes.Done;
    }
}
