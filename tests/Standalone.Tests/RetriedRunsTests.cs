using System.Net;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Servers;
using Holoflow.Standalone.Watching;

namespace Holoflow.Standalone.Tests;

/// <summary>Runs of <c>holoflow run</c>, retried by request to a server on the same state directory.</summary>
public class RetriedRunsTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_run_is_attempted_again_and_leaves_no_agent_behind()
    {
        using var home = new TemporaryHome();
        var run = await FailedRun(home, SucceedsAt(2));

        await using var server = await Server(home);
        var ended = StateOf(server, run, "Completed");
        Assert.Equal(HttpStatusCode.OK, await Retry(server, run));
        await ended;
        await NoAgentIsLeft(home);

        Assert.Equal("2\n", await File.ReadAllTextAsync(home.In("count"), Cancellation));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_next_server_goes_on_with_a_run_that_awaited_its_retry()
    {
        using var home = new TemporaryHome();
        var run = await FailedRun(home, SucceedsAt(4), retries: 1);

        await using (var server = await Server(home))
        {
            // Once as it was asked for, and once after it failed again.
            var failedAgain = StateOf(server, run, "AwaitingRetry", times: 2);
            Assert.Equal(HttpStatusCode.OK, await Retry(server, run));
            await failedAgain;
        }

        await using var next = await Server(home);
        await home.Until("SELECT count(*) FROM flow_runs WHERE state_type = 'Completed'", 1);
        Assert.Equal("4\n", await File.ReadAllTextAsync(home.In("count"), Cancellation));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_not_to_be_retried_is_refused_and_leaves_nothing_behind()
    {
        using var home = new TemporaryHome();
        var run = await FailedRun(home, SucceedsAt(2));

        await using var server = await Server(home);
        var ended = StateOf(server, run, "Completed");
        Assert.Equal(HttpStatusCode.OK, await Retry(server, run));
        await ended;
        Assert.Equal(HttpStatusCode.Conflict, await Retry(server, run));
        await NoAgentIsLeft(home);
    }

    // The server lets an agent go when the run's end has come round to it, which is after everybody was told of the end.
    static Task NoAgentIsLeft(TemporaryHome home) =>
        FileSignal.Until(home.In("agents"), () => Directory.GetDirectories(home.In("agents"), PrivateQueue.Prefix + "*").Length == 0, "no agent of a private queue has a directory", Cancellation);

    // Fails until its so many-th start, and counts them.
    static string SucceedsAt(int start) => $"""
        cd "$HOLOFLOW_HOME"
        n=$(cat count 2>/dev/null || echo 0); n=$((n + 1)); echo $n >count
        [ $n -ge {start} ]
        """;

    // As 'holoflow run' leaves it.
    static async Task<Guid> FailedRun(TemporaryHome home, string script, int retries = 0)
    {
        var program = new FlowProgram { Path = home.Program(script), Retries = retries, RetryDelaySeconds = 1 };
        await using var own = await OwnRun.StartAsync(home.Path, new CreateFlowRun { FlowName = "fails", Program = program }, TimeProvider.System, Cancellation);
        await foreach (var update in own.Updates(Cancellation))
            if (update is RunEnded { Run: var run })
            {
                Assert.Equal(RunStateType.Failed, run.State.Type);
                return run.Id;
            }
        throw new InvalidOperationException("the run did not end");
    }

    static Task<Standalone> Server(TemporaryHome home) => Standalone.StartAsync(StandaloneOptions.Server(home.Path, port: 0) with { AgentName = "of-the-server" }, Cancellation);

    static async Task<HttpStatusCode> Retry(Standalone server, Guid run)
    {
        using var http = new HttpClient { BaseAddress = await server.ApiStarted };
        using var body = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"/api/flow-runs/{run}/retry", UriKind.Relative), body, Cancellation);
        return answer.StatusCode;
    }

    static async Task StateOf(Standalone server, Guid run, string state, int times = 1)
    {
        var left = times;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var states = server.Bus.Subscribe<RunStateChanged>(new Subscription("run.#"), (change, _) =>
        {
            if (change.RunId == run && change.StateName == state && Interlocked.Decrement(ref left) == 0)
                reached.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await reached.Task.WaitAsync(Cancellation);
    }
}
