using System.Net;
using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;

namespace Holoflow.Stack.Tests;

/// <summary>A stack whose leases hold for longer than a machine with much else to do takes to start what was killed.</summary>
public sealed class PatientStack : ServiceStack
{
    public override Dictionary<string, string> EnvironmentOf(string service) => new(base.EnvironmentOf(service), StringComparer.Ordinal) { ["HOLOFLOW_LEASE_SECONDS"] = "30" };
}

/// <summary>Runs through five processes, RabbitMQ and PostgreSQL.</summary>
public sealed class StackTests(PatientStack stack) : IClassFixture<PatientStack>
{
    /// <summary>How long a network is cut: in the test command less than a lease; HOLOFLOW_CUT_SECONDS asks for more.</summary>
    static readonly TimeSpan CutTime = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("HOLOFLOW_CUT_SECONDS"), out var seconds) ? seconds : 8);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task A_run_request_is_carried_to_its_end_and_its_history_is_there()
    {
        var run = await Submit("Mapped", """{"count":20}""");
        var ended = await Ended(run);

        Assert.Equal("Completed", ended.State.Type.ToString());
        var detail = await stack.Client.FlowRuns.Get(run, Cancellation);
        Assert.Equal(21, detail.TaskCounts["Completed"]);
        Assert.Equal(["Scheduled", "Pending", "Running", "Completed"], (await stack.Client.States(run, Cancellation)).Select(state => state.Type.ToString()));
        Assert.Equal(20, (await stack.Client.FlowRuns.Graph(run, GraphDetail.TaskRuns, Cancellation)).Edges.Count);
    }

    [Fact(Timeout = 180_000)]
    public async Task Any_process_may_die_under_a_run_and_every_task_is_done_once()
    {
        var folder = stack.Folder();
        var (release, started) = (Path.Combine(folder, "release"), Path.Combine(folder, "started"));
        var run = await Submit("WaitForFile", JsonSerializer.Serialize(new { release, started }));
        await Appears(started);
        foreach (var service in ServiceStack.Services)
        {
            await stack.Kill(service);
            stack.Start(service);
        }

        await File.WriteAllTextAsync(release, "", Cancellation);
        var ended = await Ended(run);

        Assert.Equal("Completed", ended.State.Type.ToString());
        Assert.Single(Directory.GetFiles(folder, "before.*"));
        Assert.Single(Directory.GetFiles(folder, "after.*"));
        Assert.Equal(3, (await stack.Client.FlowRuns.Get(run, Cancellation)).TaskCounts["Completed"]);
    }

    [Fact(Timeout = 600_000)]
    public async Task The_broker_and_the_database_may_be_killed_under_a_run()
    {
        var folder = stack.Folder();
        var (release, started) = (Path.Combine(folder, "release"), Path.Combine(folder, "started"));
        var run = await Submit("WaitForFile", JsonSerializer.Serialize(new { release, started }));
        await Appears(started);
        await stack.Broker.Restart();
        await stack.Postgres.Restart();
        await File.WriteAllTextAsync(release, "", Cancellation);
        var ended = await Ended(run);
        var next = await Ended(await Submit("Mapped", """{"count":20}"""));

        Assert.Equal("Completed", ended.State.Type.ToString());
        Assert.Single(Directory.GetFiles(folder, "before.*"));
        Assert.Single(Directory.GetFiles(folder, "after.*"));
        Assert.Equal("Completed", next.State.Type.ToString());
    }

    [Fact(Timeout = 600_000)]
    public async Task The_broker_may_lose_every_queue_and_message_under_runs_that_wait_and_a_run_that_goes_on()
    {
        var folder = stack.Folder();
        var (release, started) = (Path.Combine(folder, "release"), Path.Combine(folder, "started"));
        var run = await Submit("WaitForFile", JsonSerializer.Serialize(new { release, started }));
        await Appears(started);
        var waiting = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => Submit("Mapped", """{"count":3}""")));
        await stack.Broker.RestartEmpty();
        await File.WriteAllTextAsync(release, "", Cancellation);

        Assert.Equal("Completed", (await Ended(run)).State.Type.ToString());
        Assert.Single(Directory.GetFiles(folder, "before.*"));
        Assert.Single(Directory.GetFiles(folder, "after.*"));
        foreach (var id in waiting)
        {
            Assert.Equal("Completed", (await Ended(id)).State.Type.ToString());
            Assert.Equal(4, (await stack.Client.FlowRuns.Get(id, Cancellation)).TaskCounts["Completed"]);
            Assert.Equal(["Scheduled", "Pending", "Running", "Completed"], (await stack.Client.States(id, Cancellation)).Select(state => state.Type.ToString()));
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task An_agent_that_is_cut_from_the_broker_loses_no_task_and_doubles_none()
    {
        const string Agent = "Agent.far";
        var broker = stack.Broker.Address;
        await using var network = await NetworkNamespace.Create(new IPEndPoint(IPAddress.Parse(broker.Host), broker.Port));
        var folder = stack.Folder();
        var (release, started) = (Path.Combine(folder, "release"), Path.Combine(folder, "started"));
        stack.StartFarAgent(Agent, network, "far");
        var program = new FlowProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = "WaitForFile", CrashReschedules = 5 };
        var run = (await stack.Client.FlowRuns.Create(
            new CreateFlowRun { FlowName = "WaitForFile", Program = program, Queue = "far", Parameters = JsonSerializer.SerializeToElement(new { release, started }) },
            cancellation: Cancellation)).Id;
        await Appears(started);

        await network.Cut();
        await Task.Delay(CutTime / 2, Cancellation);
        await File.WriteAllTextAsync(release, "", Cancellation);
        await Task.Delay(CutTime / 2, Cancellation);
        await network.Restore();
        var ended = await Ended(run);

        Assert.Equal("Completed", ended.State.Type.ToString());
        Assert.Single(Directory.GetFiles(folder, "before.*"));
        Assert.Single(Directory.GetFiles(folder, "after.*"));
        Assert.Equal(3, (await stack.Client.FlowRuns.Get(run, Cancellation)).TaskCounts["Completed"]);
        await stack.Kill(Agent);
    }

    Task<Guid> Submit(string method, string parameters) => stack.Client.Submit(method, parameters, Cancellation);

    Task<FlowRunRow> Ended(Guid run) => stack.Client.Ended(run, Cancellation);

    static async Task Appears(string file)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(file))
            await tick.WaitForNextTickAsync(Cancellation);
    }
}
