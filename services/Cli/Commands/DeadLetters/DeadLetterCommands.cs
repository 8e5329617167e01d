using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.DeadLetters;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.DeadLetters;

/// <summary>What the broker could not deliver, or a service could not carry out.</summary>
static class DeadLetterCommands
{
    static readonly Column<DeadLetterRow>[] Columns =
    [
        new("Id", l => l.Id),
        new("Queue", l => l.Queue, MayShrink: true),
        new("Message", l => l.Message ?? "unknown"),
        new("Reason", l => l.Reason),
        new("Died", l => l.At is { } at ? Words.Time(at) : null),
        new("Error", l => l.Error, MayShrink: true),
    ];

    public static Command List()
    {
        var queue = new Option<string?>("--queue", "-q") { Description = "Only those of this queue.", HelpName = "QUEUE" };
        var limit = new Option<int>("--limit") { Description = "How many, the oldest first.", HelpName = "N", DefaultValueFactory = _ => 200 };
        var json = CommonOptions.Json();
        return new Command("ls", "List what could not be delivered or carried out.") { queue, limit, json }.Does(async context =>
        {
            if (context.Value(limit) is < 1 or > 1000)
                throw CommandException.BadInput($"--limit {context.Value(limit)} is not usable: 1 to 1000");
            await using var api = await ApiSession.Open(context);
            var letters = await api.Client.DeadLetters.List(context.Value(queue), context.Value(limit), context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(letters, ApiJson.Default.DeadLetterRow);
            else
                Listing.Table(context.Output, Columns, letters, "no dead letters");
            return ExitCodes.Done;
        });
    }

    public static Command Show()
    {
        var id = new Argument<string>("id") { HelpName = "ID" };
        return new Command("show", "Show a dead letter whole, as JSON.") { id }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            Listing.Json(await api.Client.DeadLetters.Get(context.Value(id), context.Cancellation), ApiJson.Default.DeadLetterRow);
            return ExitCodes.Done;
        });
    }

    public static Command Replay() => Change("replay", "Send dead letters to the queues they came from.", "sent again", (client, choice, cancellation) => client.Replay(choice, cancellation));

    public static Command Drop() => Change("drop", "Drop dead letters for good.", "dropped", (client, choice, cancellation) => client.Drop(choice, cancellation));

    static Command Change(string verb, string description, string done, Func<Client.DeadLettersClient, DeadLetterChoice, CancellationToken, Task<DeadLettersDone>> change)
    {
        var id = new Argument<string?>("id") { HelpName = "ID", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null };
        var queue = new Option<string?>("--queue", "-q") { Description = "All of this queue.", HelpName = "QUEUE" };
        var all = new Option<bool>("--all") { Description = "All of them." };
        return new Command(verb, description) { id, queue, all }.Does(async context =>
        {
            var choice = new DeadLetterChoice { Id = context.Value(id), Queue = context.Value(queue), All = context.Value(all) };
            if ((choice.Id is null ? 0 : 1) + (choice.Queue is null ? 0 : 1) + (choice.All ? 1 : 0) != 1)
                throw CommandException.BadInput($"dead-letter {verb}: give exactly one of ID, --queue and --all");
            await using var api = await ApiSession.Open(context);
            var count = (await change(api.Client.DeadLetters, choice, context.Cancellation)).Count;
            context.Output.WriteLine($"{count} dead letter{(count == 1 ? "" : "s")} {done}");
            return ExitCodes.Done;
        });
    }
}
