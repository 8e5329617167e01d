using System.Net;
using System.Net.Sockets;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Standalone.Tests;

/// <summary>What a start tells where something is wrong, and that nothing is left running.</summary>
public class StartTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_server_answers_on_loopback_and_runs_what_its_agent_takes()
    {
        using var home = new TemporaryHome();
        await using var server = await Standalone.StartAsync(StandaloneOptions.Server(home.Path, port: 0) with { AgentQueues = ["default"] }, TestContext.Current.CancellationToken);
        var address = (await server.ApiStarted)!;
        Assert.Equal("127.0.0.1", address.Host);
        using var http = new HttpClient { BaseAddress = address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        var ended = new TaskCompletionSource<string>();
        await using var states = server.Bus.Subscribe<RunStateChanged>(new Subscription("run.Completed.#"), (change, _) =>
        {
            ended.TrySetResult(change.StateName);
            return ValueTask.CompletedTask;
        });
        await server.Bus.Request(Samples.Run(home.Program($"echo $HOLOFLOW_API_URL >{home.In("url")}")) with { Queue = "default" }, TestContext.Current.CancellationToken);
        Assert.Equal("Completed", await ended.Task.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"{address}\n", await File.ReadAllTextAsync(home.In("url"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var home = new TemporaryHome();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var refusal = await Assert.ThrowsAsync<StandaloneStartException>(() => Standalone.StartAsync(StandaloneOptions.Server(home.Path, port), TestContext.Current.CancellationToken));
        Assert.Contains($"port {port}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_is_named()
    {
        using var home = new TemporaryHome();
        await File.WriteAllTextAsync(home.In("file"), "", TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<StandaloneStartException>(() => Standalone.StartAsync(StandaloneOptions.ForOneRun(home.In("file/home")), TestContext.Current.CancellationToken));
        Assert.Contains($"'{home.In("file/home")}' cannot be written", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("HOLOFLOW_HOME", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_none_is_named()
    {
        using var home = new TemporaryHome();
        await File.WriteAllTextAsync(home.In("holoflow.db"), new string('x', 10_000), TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<StandaloneStartException>(() => Standalone.StartAsync(StandaloneOptions.ForOneRun(home.Path), TestContext.Current.CancellationToken));
        Assert.Contains("holoflow.db", refusal.Message, StringComparison.Ordinal);
    }
}
