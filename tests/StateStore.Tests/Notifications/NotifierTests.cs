using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Notifications;
using Holoflow.Notifications.Targets;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.StateStore.Tests.Notifications;

/// <summary>Who wants to be told is told, at least once, by real ways; who must not be asked is not.</summary>
public abstract class NotifierTests : StoreTests
{
    static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly NotifierOptions Local = new() { LocalHosts = ["127.0.0.1"] };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_was_asked_for_is_told_once_and_signed()
    {
        await using var receiver = await Receiver.Start();
        await using var store = await Start();
        var secrets = Directory.CreateTempSubdirectory("holoflow-secrets-");
        await File.WriteAllTextAsync(Path.Combine(secrets.FullName, "chat"), "the key\n", Cancellation);
        await Define(store, receiver, rule => rule with { Flows = ["observe"], Tags = ["night"], Secret = "chat" });
        await using var notifier = Notifier(store, Local with { SecretsDirectory = secrets.FullName, Dashboard = new Uri("https://holoflow.example.org") });
        await notifier.StartAsync(Cancellation);
        await Ended(store, store.NewRun() with { Tags = ["night"] }, RunReport.Completed);
        await Ended(store, store.NewRun("other") with { Tags = ["night"] }, RunReport.Failed);
        await Ended(store, store.NewRun(), RunReport.Failed);
        var run = await Ended(store, store.NewRun(parameters: """{"sbid": 44641}""") with { Tags = ["night", "gpu"] }, RunReport.Failed, "no \"data\"\n");

        var posted = await receiver.Posts.ReadAsync(Cancellation);
        // The receiver has it before its sender knows: one that was stopped in between would tell it again.
        while ((long)(await store.Scalar("SELECT COUNT(*) FROM notification_deliveries WHERE delivered_at IS NOT NULL"))! == 0)
            await Task.Yield();
        await notifier.DisposeAsync();
        Assert.Empty(receiver.All());
        var told = JsonDocument.Parse(posted.Body).RootElement;
        Assert.Equal((run, "Failed", "no \"data\"\n", "44641"), (told.GetProperty("run").GetProperty("id").GetGuid(), told.GetProperty("state").GetProperty("name").GetString(), told.GetProperty("state").GetProperty("message").GetString(), told.GetProperty("run").GetProperty("schedulingBlock").GetString()));
        Assert.Equal($"https://holoflow.example.org/runs/{run}", told.GetProperty("run").GetProperty("url").GetString());
        var signature = posted.Headers["Holoflow-Signature"].Split(",v1=");
        var expected = HMACSHA256.HashData("the key"u8, [.. Encoding.ASCII.GetBytes(signature[0][2..] + "."), .. posted.Body]);
        Assert.Equal(Convert.ToHexStringLower(expected), signature[1]);
        Assert.Equal(["1"], await store.Rows("SELECT COUNT(*) FROM notification_deliveries WHERE delivered_at IS NOT NULL AND attempts = 1 AND next_at IS NULL"));
        secrets.Delete(recursive: true);
    }

    [Fact]
    public async Task An_event_that_comes_twice_is_told_once()
    {
        await using var receiver = await Receiver.Start();
        await using var store = await Start();
        await Define(store, receiver);
        await using var notifier = Notifier(store, Local);
        var changes = Channel.CreateUnbounded<RunStateChanged>();
        await using var heard = store.Bus.Subscribe<RunStateChanged>(new Subscription("run.#"), (e, _) => changes.Writer.WriteAsync(e, Cancellation));
        await heard.Established;
        await notifier.StartAsync(Cancellation);
        var run = await Ended(store, store.NewRun(), RunReport.Failed);
        _ = await receiver.Posts.ReadAsync(Cancellation);
        RunStateChanged failed;
        do
            failed = await changes.Reader.ReadAsync(Cancellation);
        while (failed.RunId != run || failed.StateName != "Failed");
        await store.Bus.Publish(failed, Cancellation);
        await changes.Reader.ReadAsync(Cancellation);

        // It tells what there is before it ends.
        await notifier.DisposeAsync();
        Assert.Equal(["1|1"], await store.Rows("SELECT COUNT(*), SUM(attempts) FROM notification_deliveries"));
        Assert.Empty(receiver.All());
    }

    [Fact]
    public async Task What_fails_is_tried_again_later_with_the_same_id_and_words()
    {
        var time = new ManualTime(Begin);
        await using var receiver = await Receiver.Start();
        await using var store = await Start(time: time);
        await Define(store, receiver);
        await Ended(store, store.NewRun(), RunReport.Failed, "why");
        receiver.Answer(500, 429);
        // Another process each time: what is to be told is a row and nothing else.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await using (var notifier = Notifier(store, Local, time))
            {
                Assert.Equal(1, await notifier.RunOnce(Cancellation));
                Assert.Equal(0, await notifier.RunOnce(Cancellation));
            }

            time.Advance(TimeSpan.FromMinutes(1));
        }

        var posts = receiver.All();
        Assert.Equal(3, posts.Count);
        Assert.Single(posts.Select(p => (p.Delivery, Convert.ToHexStringLower(p.Body))).Distinct());
        Assert.Equal(["3||1"], await store.Rows("SELECT attempts, last_error, CASE WHEN delivered_at IS NULL THEN 0 ELSE 1 END FROM notification_deliveries"));
    }

    [Fact]
    public async Task A_delivery_whose_process_died_is_made_by_another_and_two_at_once_make_each_once()
    {
        var time = new ManualTime(Begin);
        await using var receiver = await Receiver.Start();
        await using var store = await Start(time: time);
        await Define(store, receiver);
        for (var i = 0; i < 12; i++)
            await Ended(store, store.NewRun(), RunReport.Failed);
        await using var one = Notifier(store, Local, time);
        await using var otherWriter = new DatabaseWriter(store.Database);
        await using var two = new NotifierService(store.Bus, otherWriter, Local, time, NullLogger<NotifierService>.Instance);
        // As one that was killed between the claim and its end.
        await store.Ask(new TestNotification("failures", Guid.CreateVersion7(time.GetUtcNow())));
        await store.Writer.Write(session => NotificationTable.Claim(session, NotificationTable.DueAt(session, time.GetUtcNow()).Single(), time.GetUtcNow() + TimeSpan.FromSeconds(30)), Cancellation);
        await Task.WhenAll(one.RunOnce(Cancellation), two.RunOnce(Cancellation));
        await Task.WhenAll(one.RunOnce(Cancellation), two.RunOnce(Cancellation));
        var posts = receiver.All();
        Assert.Equal(12, posts.Count);
        Assert.Equal(12, posts.DistinctBy(p => p.Delivery).Count());

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await two.RunOnce(Cancellation));
        Assert.True(JsonDocument.Parse(Assert.Single(receiver.All()).Body).RootElement.GetProperty("test").GetBoolean());
    }

    [Fact]
    public async Task A_run_that_stays_in_a_state_too_long_is_told_of_once_and_one_that_left_it_is_not()
    {
        var time = new ManualTime(Begin);
        await using var receiver = await Receiver.Start();
        await using var store = await Start(new StateStoreOptions { LeaseDuration = TimeSpan.FromDays(30) }, time);
        await Define(store, receiver, rule => rule with { States = ["Running"], LongerThanSeconds = 7200 });
        var slow = await store.Started();
        var quick = await store.Started();
        await using var notifier = Notifier(store, Local, time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await notifier.RunOnce(Cancellation));
        await store.Report(quick, RunReport.Completed);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await notifier.RunOnce(Cancellation));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await notifier.RunOnce(Cancellation));
        Assert.Equal(slow.RunId, JsonDocument.Parse(Assert.Single(receiver.All()).Body).RootElement.GetProperty("run").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task This_machine_and_redirects_are_not_asked_unless_it_is_allowed()
    {
        await using var receiver = await Receiver.Start();
        await using var store = await Start();
        await Define(store, receiver);
        await Ended(store, store.NewRun(), RunReport.Failed);
        await using (var careful = Notifier(store, new NotifierOptions()))
            Assert.Equal(1, await careful.RunOnce(Cancellation));
        Assert.Empty(receiver.All());
        Assert.Contains("HOLOFLOW_NOTIFY_LOCAL_HOSTS", Assert.Single(await store.Rows("SELECT last_error FROM notification_deliveries WHERE next_at IS NULL")), StringComparison.Ordinal);

        receiver.Answer(302);
        await Ended(store, store.NewRun(), RunReport.Failed);
        await using var notifier = Notifier(store, Local);
        Assert.Equal(1, await notifier.RunOnce(Cancellation));
        Assert.Equal("/hook", Assert.Single(receiver.All()).Path);
        Assert.Equal(["the receiver answered 302, a redirect, which is not followed: give its new address"], await store.Rows("SELECT last_error FROM notification_deliveries WHERE last_error LIKE '%redirect%' AND next_at IS NULL"));
    }

    [Fact]
    public async Task A_rule_that_is_gone_tells_nothing_more_and_nothing_is_remembered_without_rules()
    {
        await using var receiver = await Receiver.Start();
        await using var store = await Start();
        await Ended(store, store.NewRun(), RunReport.Failed);
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM notification_events"));
        await Define(store, receiver);
        await Ended(store, store.NewRun(), RunReport.Failed);
        await store.Ask(new TestNotification("failures", Guid.CreateVersion7()));
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new DeleteNotification("failures"))).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await store.Ask(new DeleteNotification("failures"))).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await store.Ask(new TestNotification("failures", Guid.CreateVersion7()))).Outcome);
        await using var notifier = Notifier(store, Local);
        Assert.Equal(0, await notifier.RunOnce(Cancellation));
        Assert.Empty(receiver.All());
        Assert.Equal(["0|0"], await store.Rows("SELECT (SELECT COUNT(*) FROM notification_events), (SELECT COUNT(*) FROM notification_deliveries)"));
    }

    [Fact]
    public async Task A_template_is_filled_so_that_JSON_stays_JSON()
    {
        await using var receiver = await Receiver.Start();
        await using var store = await Start();
        await Define(store, receiver, rule => rule with { Template = """{"text": "{{run.flow}}: {{ state.message }} {{unknown}}"}""" });
        await Ended(store, store.NewRun("a \"quoted\" flow"), RunReport.Failed, "two\nlines \\ \u0007 </script>");
        await using var notifier = Notifier(store, Local);
        Assert.Equal(1, await notifier.RunOnce(Cancellation));
        Assert.Equal("a \"quoted\" flow: two\nlines \\ \u0007 </script> {{unknown}}", JsonDocument.Parse(Assert.Single(receiver.All()).Body).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_its_field()
    {
        await using var store = await Start();
        var good = new DefineNotification { Name = "n", States = ["Failed"], Target = "webhook", Address = "https://chat.example.org/x" };
        (DefineNotification Message, string Field)[] bad =
        [
            (good with { Name = "" }, "name"),
            (good with { States = [] }, "states"),
            (good with { States = ["Broken"] }, "states"),
            (good with { LongerThanSeconds = 0 }, "longerThanSeconds"),
            (good with { LongerThanSeconds = 60 }, "longerThanSeconds"),
            (good with { Target = "pigeon" }, "target"),
            (good with { Address = "file:///etc/passwd" }, "address"),
            (good with { Address = "https://user:password@example.org/" }, "address"),
            (good with { Target = "email", Address = "not an address" }, "address"),
            (good with { Target = "email", Address = "a@example.org\r\nBcc: b@example.org" }, "address"),
            (good with { Target = "events", Address = "a/b" }, "address"),
            (good with { Secret = "../../etc/passwd" }, "secret"),
            (good with { Secret = "the secret itself!" }, "secret"),
            (good with { Tags = ["a\u0001b"] }, "tags"),
        ];
        foreach (var (message, field) in bad)
        {
            var answer = await store.Ask(message);
            Assert.Equal((CommandOutcome.Refused, field), (answer.Outcome, answer.Field));
        }

        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM notification_rules"));
        Assert.Equal(1, (await store.Ask(good)).Version);
        Assert.Equal(2, (await store.Ask(good with { CommandId = Guid.CreateVersion7(), Active = false })).Version);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.8.8.8", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("130.155.1.1", true)]
    [InlineData("2001:388::1", true)]
    public void Who_may_be_asked_is_decided_by_the_address_that_is_connected_to(string address, bool may) => Assert.Equal(may, PublicAddresses.IsPublic(IPAddress.Parse(address)));

    private protected static NotifierService Notifier(StoreUnderTest store, NotifierOptions options, TimeProvider? time = null) =>
        new(store.Bus, store.Writer, options, time ?? TimeProvider.System, NullLogger<NotifierService>.Instance);

    private protected static async Task<Guid> Ended(StoreUnderTest store, SubmitRun run, RunReport report, string? message = null)
    {
        Assert.Equal(CommandOutcome.Accepted, (await store.Report(await store.Started(run), report, message)).Outcome);
        return run.RunId;
    }

    static async Task Define(StoreUnderTest store, Receiver receiver, Func<DefineNotification, DefineNotification>? change = null)
    {
        var rule = new DefineNotification { Name = "failures", States = ["Failed"], Target = "webhook", Address = receiver.Address.ToString() };
        var answer = await store.Ask(change?.Invoke(rule) ?? rule);
        Assert.True(answer.Outcome == CommandOutcome.Accepted, answer.Reason);
    }
}

public sealed class NotifierOnSqlite : NotifierTests;

[Collection(PostgresqlTests.Name)]
public sealed class NotifierOnPostgresql(PostgresqlHost host) : NotifierTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}
