using System.Net;
using Holoflow.Api.Tests.Fixture;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Messaging.Http;

namespace Holoflow.Api.Tests;

/// <summary>An agent in another process works over the bridge as over the bus itself.</summary>
public sealed class BusBridgeTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_claimed_reported_and_logged_across_the_bridge()
    {
        await using var api = await RunningApi.Start();
        using var http = new HttpClient { BaseAddress = new Uri(api.Host.Address, "api/"), Timeout = Timeout.InfiniteTimeSpan };
        await using var bus = new HttpBusClient(http, TimeProvider.System);
        var id = await PlayedRun.Submit(api);
        var claimed = await bus.Request(new ClaimRun(id, "remote", Guid.CreateVersion7()), Cancellation);
        Assert.True(claimed.Granted);
        var epoch = claimed.Run!.Epoch;
        var started = await bus.Request(new ReportRun { RunId = id, AgentId = "remote", Epoch = epoch, Report = RunReport.Started, At = TimeProvider.System.GetUtcNow() }, Cancellation);
        Assert.Equal(CommandOutcome.Accepted, started.Outcome);
        var logged = await bus.Request(new LogChunk(id, "remote", [new LogLine(0, 1, TimeProvider.System.GetUtcNow(), 2, null, "flow", "over the bridge")]), Cancellation);
        Assert.Equal(CommandOutcome.Accepted, logged.Outcome);
        Assert.Equal("over the bridge", (await api.Client.FlowRuns.Logs(id, cancellation: Cancellation).SingleAsync(Cancellation)).Text);

        var control = new TaskCompletionSource<RunControl>();
        await using var subscription = bus.Subscribe<RunControl>(new Subscription($"agent.{RoutingWord.Of("remote")}"), (message, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            _ = control.TrySetResult(message);
            return ValueTask.CompletedTask;
        });
        await subscription.Established.WaitAsync(Cancellation);
        await api.Bus.Publish(new RunControl("remote", id, epoch, WantedOfRun.Cancel, "why"), Cancellation);
        Assert.Equal((id, WantedOfRun.Cancel), ((await control.Task).RunId, (await control.Task).Wanted));
    }

    [Fact]
    public async Task What_no_agent_needs_does_not_cross()
    {
        await using var api = await RunningApi.Start();
        using var submit = await api.Post("/api/bus/requests/submit-run", "{}");
        _ = await submit.Problem(HttpStatusCode.NotFound);
        using var changed = await api.Post("/api/bus/events/run-state-changed", "{}");
        _ = await changed.Problem(HttpStatusCode.NotFound);
        using var broken = await api.Post("/api/bus/requests/claim-run", "{\"runId\":3}");
        Assert.Equal(["body"], await broken.WrongFields());
        using var subscription = await api.Get($"/api/bus/subscriptions/{Guid.CreateVersion7()}?s=run-state-changed|%23|");
        Assert.Equal(["s"], await subscription.WrongFields());
        using var none = await api.Get($"/api/bus/subscriptions/{Guid.CreateVersion7()}");
        Assert.Equal(["s"], await none.WrongFields());
    }
}
