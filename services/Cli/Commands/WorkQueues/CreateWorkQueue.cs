using System.CommandLine;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.WorkQueues;

static class CreateWorkQueue
{
    public static Command Create()
    {
        var name = QueueArgument.Create();
        var limit = CommonOptions.Number("--limit", "How many of its runs may be active at a time.", 0);
        var priority = CommonOptions.Number("--priority", "A lower number goes first.", 0);
        var description = new Option<string?>("--description") { HelpName = "TEXT" };
        return new Command("create", "Create a work queue.") { name, limit, priority, description }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var queue = new ApiModel.WorkQueues.CreateWorkQueue
            {
                Name = context.Value(name),
                ConcurrencyLimit = context.Value(limit),
                Priority = context.Value(priority),
                Description = context.Value(description),
            };
            _ = await api.Client.WorkQueues.Create(queue, context.Cancellation);
            context.Output.WriteLine($"created work queue {TerminalText.Line(queue.Name)}; holoflow agent start -q {TerminalText.Line(queue.Name)} runs what it holds");
            return ExitCodes.Done;
        });
    }
}
