using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Notifications;
using Holoflow.Servers;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Holoflow.StateStore.Tests.Notifications;

/// <summary>Notifications that leave by a mail server and by the observatory's broker, both real.</summary>
[Collection(PostgresqlTests.Name)]
public sealed class MailAndEventTests(PostgresqlHost host)
{
    // Python's own mail server, which prints what it got.
    const string MailServer = "import asyncore, smtpd, sys; smtpd.DebuggingServer(('127.0.0.1', int(sys.argv[1])), None); asyncore.loop()";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_arrives_in_one_piece_whatever_a_run_is_called()
    {
        var port = FreePort.Next();
        await using var server = PrivateProcess.Start("python3", ["-u", "-W", "ignore", "-c", MailServer, $"{port}"], new Dictionary<string, string>(), Path.GetTempPath());
        await server.WaitUntil(() => Answers(port), TimeSpan.FromSeconds(60), "the mail server");
        await using var store = await StoreUnderTest.Start();
        await store.Ask(new DefineNotification { Name = "mail", States = ["Failed"], Target = "email", Address = "operator@example.org,duty@example.org" });
        await using var notifier = Notifier(store, new NotifierOptions { Smtp = new Uri($"smtp://127.0.0.1:{port}"), MailFrom = "holoflow@example.org" });
        var run = await store.Started(store.NewRun() with { RunName = "Ünicode Subject: x Bcc: y" });
        await store.Report(run, RunReport.Failed, "line one\nBcc: evil@example.org\n.\nQUIT\n");
        Assert.Equal(1, await notifier.RunOnce(Cancellation));
        Assert.Equal(["1"], await store.Rows("SELECT COUNT(*) FROM notification_deliveries WHERE delivered_at IS NOT NULL"));
        await server.WaitUntil(() => Task.FromResult(server.Output.Contains("END MESSAGE", StringComparison.Ordinal)), TimeSpan.FromSeconds(60), "the mail");
        var headers = server.Output.Split("b''")[0];
        Assert.Contains("To: operator@example.org, duty@example.org", headers, StringComparison.Ordinal);
        Assert.Contains("=?utf-8?", Assert.Single(headers.Split('\n'), line => line.StartsWith("b'Subject:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("b'Bcc:", headers, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", headers, StringComparison.Ordinal);
        Assert.Contains(run.RunId.ToString(), server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_sent_is_tried_again()
    {
        await using var store = await StoreUnderTest.Start();
        await store.Ask(new DefineNotification { Name = "mail", States = ["Failed"], Target = "email", Address = "operator@example.org" });
        await store.Report(await store.Started(), RunReport.Failed);
        await using var notifier = Notifier(store, new NotifierOptions { Smtp = new Uri($"smtp://127.0.0.1:{FreePort.Next()}") });
        Assert.Equal(1, await notifier.RunOnce(Cancellation));
        Assert.Contains("did not take it", Assert.Single(await store.Rows("SELECT last_error FROM notification_deliveries WHERE next_at IS NOT NULL AND attempts = 1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_the_observatorys_form_is_on_its_exchange()
    {
        var broker = await host.Broker();
        await using var observatory = await ObservatoryExchange.Open(broker, Cancellation);
        await using var store = await StoreUnderTest.Start();
        await store.Ask(new DefineNotification { Name = "observatory", States = ["Running", "Completed", "Failed", "Crashed"], Target = "events", Address = observatory.Name });
        await using var notifier = Notifier(store, new NotifierOptions { EventBroker = broker, Site = "Murchison", Group = "ops" });
        var run = await store.Started(store.NewRun("holography", """{"sbid": 44641, "workdir": "/data"}"""));
        await store.Report(run, RunReport.Completed);
        Assert.Equal(2, await notifier.RunOnce(Cancellation));

        var events = await observatory.All(Cancellation);
        Assert.Equal(["au.csiro.atnf.askap.holography.completed", "au.csiro.atnf.askap.holography.started"], events.Select(e => e.Event.GetProperty("type").GetString()!).Order());
        var (received, completed) = events.Single(e => e.Message.RoutingKey.EndsWith("completed", StringComparison.Ordinal));
        Assert.Equal("application/cloudevents+json; charset=utf-8", received.BasicProperties.ContentType);
        Assert.Equal(received.BasicProperties.MessageId, completed.GetProperty("id").GetString());
        Assert.Equal($"urn:askap:holography:murchison:ops:flow-run/{run.RunId}", completed.GetProperty("subject").GetString());
        Assert.Equal("1.0", completed.GetProperty("specversion").GetString());
        var data = completed.GetProperty("data").GetProperty("flowRun");
        Assert.Equal((run.RunId, "/data", 44641), (data.GetProperty("id").GetGuid(), data.GetProperty("path").GetString(), data.GetProperty("schedulingBlock").GetProperty("id").GetInt64()));
        Assert.True(data.TryGetProperty("processedAt", out _));
    }

    [Fact]
    public async Task The_holography_flow_is_announced_whatever_ends_it_and_a_repeat_is_known_by_its_id()
    {
        var broker = await host.Broker();
        await using var observatory = await ObservatoryExchange.Open(broker, Cancellation);
        await using var store = await StoreUnderTest.Start();
        await store.Ask(new DefineNotification
        {
            Name = "observatory", Flows = ["Holography Main Flow"], States = ["Running", "Completed", "Failed", "Crashed", "Cancelled"], Target = "events", Address = observatory.Name,
        });
        var options = new NotifierOptions { EventBroker = broker, Site = "mro", Group = "ops" };
        var completed = await store.Started(store.NewRun("Holography Main Flow", """{"sbid": 44641, "workdir": "/data"}"""));
        await store.Ask(new ReportRun { RunId = completed.RunId, AgentId = "agent-1", Epoch = completed.Epoch, Report = RunReport.Completed, Result = StoreUnderTest.Json("""{"folder": "/data/44641/products"}""") });
        var failed = await store.Started(store.NewRun("Holography Main Flow", """{"sbid": 44642, "workdir": "/data"}"""));
        await store.Report(failed, RunReport.Failed, "no beam was admitted");
        var crashed = await store.Started(store.NewRun("Holography Main Flow", """{"sbid": 44643, "workdir": "/data"}"""));
        await store.Report(crashed, RunReport.Crashed, "killed by SIGKILL");
        await store.Report(await store.Started(store.NewRun("another flow")), RunReport.Completed);
        await using (var notifier = Notifier(store, options))
            Assert.Equal(6, await notifier.RunOnce(Cancellation));
        var first = await observatory.All(Cancellation);

        Assert.Equal(
            new[] { $"started {completed.RunId}", $"completed {completed.RunId}", $"started {failed.RunId}", $"failed {failed.RunId}", $"started {crashed.RunId}", $"failed {crashed.RunId}" }.Order(StringComparer.Ordinal),
            first.Select(e => $"{e.Event.GetProperty("type").GetString()!["au.csiro.atnf.askap.holography.".Length..]} {FlowRun(e.Event).GetProperty("id").GetGuid()}").Order(StringComparer.Ordinal));
        var products = FlowRun(first.Single(e => e.Message.RoutingKey.EndsWith(".completed", StringComparison.Ordinal)).Event);
        Assert.Equal(("/data/44641/products", 44641, false), (products.GetProperty("path").GetString(), products.GetProperty("schedulingBlock").GetProperty("id").GetInt64(), products.TryGetProperty("message", out _)));
        Assert.Equal(
            ["killed by SIGKILL", "no beam was admitted"],
            first.Where(e => e.Message.RoutingKey.EndsWith(".failed", StringComparison.Ordinal)).Select(e => FlowRun(e.Event).GetProperty("message").GetString()!).Order(StringComparer.Ordinal));

        // As where a notifier was killed between the broker's confirmation and its own note of it.
        await store.Writer.Write(session => session.Execute("UPDATE notification_deliveries SET delivered_at = NULL, next_at = created_at"), Cancellation);
        await using (var next = Notifier(store, options))
            Assert.Equal(6, await next.RunOnce(Cancellation));
        Assert.Equal(first.Select(Told).Order(StringComparer.Ordinal), (await observatory.All(Cancellation)).Select(Told).Order(StringComparer.Ordinal));

        static JsonElement FlowRun(JsonElement told) => told.GetProperty("data").GetProperty("flowRun");
        static string Told((BasicGetResult Message, JsonElement Event) told) => $"{told.Message.BasicProperties.MessageId} {told.Event.GetRawText()}";
    }

    static NotifierService Notifier(StoreUnderTest store, NotifierOptions options) => new(store.Bus, store.Writer, options, TimeProvider.System, NullLogger<NotifierService>.Instance);

    static async Task<bool> Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, Cancellation);
            var buffer = new byte[4];
            return await client.GetStream().ReadAsync(buffer, Cancellation) > 0 && Encoding.ASCII.GetString(buffer).StartsWith("220", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
