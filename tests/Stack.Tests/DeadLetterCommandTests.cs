using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using RabbitMQ.Client;

namespace Holoflow.Stack.Tests;

/// <summary><c>holoflow dead-letter</c> from the shell through a real API to a real broker.</summary>
public sealed class DeadLetterCommandTests(ServiceStack stack) : IClassFixture<ServiceStack>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task What_a_service_failed_at_is_listed_shown_and_carried_out_when_it_is_replayed()
    {
        var run = await FailedSubmission();
        var letter = Assert.Single(await Letters("state-store.submit-run", 1));
        Assert.Equal(("submit-run", "failed", "no such disk"), (letter.GetProperty("message").GetString(), letter.GetProperty("reason").GetString(), letter.GetProperty("error").GetString()));
        var id = letter.GetProperty("id").GetString()!;
        var shown = JsonElement.Parse((await Do("dead-letter", "show", id)).Output);
        Assert.Contains(run.ToString(), shown.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Contains("submit-run", (await Do("dead-letter", "ls")).Output, StringComparison.Ordinal);

        Assert.Equal("1 dead letter sent again\n", (await Do("dead-letter", "replay", id)).Output);
        Assert.Equal("Completed", (await stack.Client.Ended(run, Cancellation)).State.Type.ToString());
        Assert.Empty(await Letters("state-store.submit-run"));
        await Refused(["dead-letter", "replay", id], $"there is no dead letter '{id}'");
        await Refused(["dead-letter", "show", id], $"there is no dead letter '{id}'");
    }

    [Fact(Timeout = 300_000)]
    public async Task What_is_dropped_is_gone_and_a_letter_whose_queue_is_gone_stays()
    {
        await using var connection = await new ConnectionFactory { Uri = stack.Broker.Address }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        for (var i = 0; i < 2; i++)
            await channel.BasicPublishAsync("", "state-store.pause-run", "<not json>"u8.ToArray(), Cancellation);
        var gone = new BasicProperties { MessageId = "gone-1", Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["holoflow-queue"] = "gone" } };
        await channel.BasicPublishAsync("dead-letter", "kept.gone", mandatory: false, gone, "{}"u8.ToArray(), Cancellation);

        Assert.All(await Letters("state-store.pause-run", 2), l => Assert.Equal("<not json>", l.GetProperty("body").GetString()));
        Assert.Equal("2 dead letters dropped\n", (await Do("dead-letter", "drop", "--queue", "state-store.pause-run")).Output);
        Assert.Empty(await Letters("state-store.pause-run"));

        _ = await Letters("gone", 1);
        var (code, _, errors) = await HoloflowCommand.Run(stack.Folder(), stack.AddressOf("Api"), "dead-letter", "replay", "--queue", "gone");
        Assert.Equal(1, code);
        Assert.Contains("its queue is not there", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("gone-1", Assert.Single(await Letters("gone")).GetProperty("id").GetString());
        Assert.Equal("1 dead letter dropped\n", (await Do("dead-letter", "drop", "gone-1")).Output);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_message_of_a_newer_service_is_kept_with_what_to_do()
    {
        await using var connection = await new ConnectionFactory { Uri = stack.Broker.Address }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = Guid.CreateVersion7(),
            messageType = (string[])["urn:holoflow:message"],
            message = new { name = "resume-run", schemaVersion = 99, body = new { runId = Guid.CreateVersion7() } },
        });
        await channel.BasicPublishAsync("", "state-store.resume-run", mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, envelope, Cancellation);
        var letter = Assert.Single(await Letters("state-store.resume-run", 1));
        Assert.Equal("'resume-run' has schema version 99, sent by a newer Holoflow; this one reads up to 1: upgrade this service", letter.GetProperty("error").GetString());
    }

    [Theory(Timeout = 300_000)]
    [InlineData("dead-letter replay", "give exactly one of ID, --queue and --all")]
    [InlineData("dead-letter drop x --all", "give exactly one of ID, --queue and --all")]
    [InlineData("dead-letter drop nonsense", "there is no dead letter 'nonsense'")]
    [InlineData("dead-letter ls --limit 0", "--limit 0 is not usable: 1 to 1000")]
    public async Task Bad_input_is_one_line(string arguments, string says) => await Refused(arguments.Split(' '), says);

    [Fact(Timeout = 300_000)]
    public async Task A_server_without_a_broker_says_that_there_are_none() =>
        await HoloflowCommand.Refused(stack.Folder(), null, ["dead-letter", "ls"], "this server works without a broker: there are no dead letters");

    // By a handler that takes the state store's place while that is away.
    async Task<Guid> FailedSubmission()
    {
        await stack.Kill("StateStore");
        var run = new SubmitRun
        {
            RunId = Guid.CreateVersion7(),
            FlowName = "Mapped",
            Program = new RunProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = "Mapped" },
            Parameters = JsonElement.Parse("""{"count":3}"""),
        };
        await using (var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = stack.Broker.Address }, cancellation: Cancellation))
        await using (bus.Handle<SubmitRun, CommandAnswered>((_, _) => throw new InvalidOperationException("no such disk")))
            _ = await Assert.ThrowsAsync<MessagingException>(async () => await bus.Request(run, Cancellation));
        stack.Start("StateStore");
        return run.RunId;
    }

    // The broker moves a letter when it comes to it.
    async Task<IReadOnlyList<JsonElement>> Letters(string queue, int? count = null)
    {
        while (true)
        {
            var letters = JsonElement.Parse((await Do("dead-letter", "ls", "--queue", queue, "--json")).Output).EnumerateArray().ToList();
            if (count is null || letters.Count == count)
                return letters;
        }
    }

    async Task<(int ExitCode, string Output, string Errors)> Do(params string[] arguments)
    {
        var done = await HoloflowCommand.Run(stack.Folder(), stack.AddressOf("Api"), arguments);
        Assert.True(done.ExitCode == 0, done.Errors);
        return done;
    }

    Task Refused(string[] arguments, string says) => HoloflowCommand.Refused(stack.Folder(), stack.AddressOf("Api"), arguments, says);
}
