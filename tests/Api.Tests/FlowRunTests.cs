using System.Net;
using System.Text.Json;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Client;
using Holoflow.Contracts;

namespace Holoflow.Api.Tests;

/// <summary>Flow runs: asked for, commanded, looked at.</summary>
public sealed class FlowRunTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_of_a_program_is_asked_for_and_told_in_full()
    {
        await using var api = await RunningApi.Start();
        var id = await PlayedRun.Submit(api, asked: new CreateFlowRun
        {
            FlowName = "demo",
            Name = "first light",
            Program = PlayedRun.Program,
            Parameters = JsonElement.Parse("""{"a":[1,2.50,"é"]}"""),
            Tags = ["x"],
            Priority = 3,
        });
        var run = await api.Client.FlowRuns.Get(id, Cancellation);
        Assert.Equal(("first light", "demo", "default", 3), (run.Name, run.FlowName, run.Queue, run.Priority));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"a":[1,2.50,"é"]}"""), run.Parameters));
        Assert.Equal(RunStateType.Scheduled, run.State.Type);
        Assert.Equal(RunStateType.Scheduled, Assert.Single(await api.Client.FlowRuns.History(id, Cancellation)).State.Type);
    }

    [Theory]
    [InlineData("""{"program":{"path":"/p"}}""", "flowName")]
    [InlineData("""{"flowName":"a/b","program":{"path":"/p"}}""", "flowName")]
    [InlineData("""{"flowName":"","program":{"path":"/p"}}""", "flowName")]
    [InlineData("""{"flowName":null,"program":{"path":"/p"}}""", "flowName")]
    [InlineData("""{"flowName":"f","program":{"path":"/p"},"parameters":{"\ud800":1}}""", "body")]
    [InlineData("""{"flowName":"f","program":{"path":"/p"},"parameters":{"a":[{"b":"\udc00"}]}}""", "parameters.a[0].b")]
    [InlineData("""{"flowName":"f","program":{"path":"/p"},"parameters":{"a":1,"a":2}}""", "body")]
    [InlineData("""{"flowName":"f","program":{"path":"/p","environment":{"A=B":"c"}}}""", "program.environment")]
    [InlineData("""{"flowName":"f","program":{"path":"/p"},"delaySeconds":-1}""", "delaySeconds")]
    [InlineData("""{"flowName":"f","program":{"path":"/p"},"flowname":"g"}""", "flowname")]
    public async Task A_wrong_request_is_refused_by_the_name_of_its_field(string json, string field)
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Post("/api/flow-runs", json);
        Assert.Equal([field], await response.WrongFields());
        Assert.Equal(0, (await api.Client.FlowRuns.Count(cancellation: Cancellation)).Total);
    }

    [Theory]
    [InlineData("[1]", "parameters")]
    [InlineData("\"text\"", "parameters")]
    [InlineData("""{"n":"x","m":1}""", "parameters.m", "parameters.n")]
    public async Task Parameters_are_checked_where_a_schema_is_given(string parameters, params string[] fields)
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Post("/api/flow-runs", "{\"flowName\":\"f\",\"program\":{\"path\":\"/p\"},\"parameterSchema\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"additionalProperties\":false},\"parameters\":" + parameters + "}");
        Assert.Equal(fields, await response.WrongFields(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Commands_change_a_run_or_say_why_not()
    {
        await using var api = await RunningApi.Start();
        var runs = api.Client.FlowRuns;
        var id = await PlayedRun.Submit(api);
        Assert.True((await runs.Pause(id, "look first", Cancellation)).Changed);
        Assert.Equal("look first", (await runs.Get(id, Cancellation)).State.Message);
        Assert.False((await runs.Pause(id, cancellation: Cancellation)).Changed);
        Assert.True((await runs.Resume(id, Cancellation)).Changed);
        var early = await Assert.ThrowsAsync<ApiRefusedException>(() => runs.Delete(id, Cancellation));
        Assert.Equal(409, early.Status);
        Assert.True((await runs.Cancel(id, cancellation: Cancellation)).Changed);
        Assert.Equal(RunStateType.Cancelled, (await runs.Get(id, Cancellation)).State.Type);
        Assert.True((await runs.Retry(id, cancellation: Cancellation)).Changed);
        Assert.Equal("AwaitingRetry", (await runs.Get(id, Cancellation)).State.Name);
        _ = await runs.Cancel(id, cancellation: Cancellation);
        Assert.True((await runs.Delete(id, Cancellation)).Changed);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiRefusedException>(() => runs.Get(id, Cancellation))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiRefusedException>(() => runs.Cancel(Guid.CreateVersion7(), cancellation: Cancellation))).Status);
    }

    [Fact]
    public async Task Tasks_graph_progress_artifacts_and_logs_are_told()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        var load = await run.Task("load");
        var grids = new List<Guid>();
        for (var i = 0; i < 5; i++)
            grids.Add(await run.Task("grid", new TaskEdge(load, "visibilities")));
        await run.State(load, "Running");
        await run.State(load, "Completed", "Cached");
        await run.State(grids[0], "Running");
        await run.Progress(grids[0], 0.25);
        _ = await run.Artifact("report", "markdown", "# one");
        _ = await run.Artifact("report", "markdown", "# two");
        await run.Log("line one", "line <script>two</script>", "line three");

        var tasks = await api.Client.TaskRuns.List(new TaskRunFilter { FlowRunId = run.Id, Limit = 2 }, Cancellation).ToListAsync(Cancellation);
        Assert.Equal([load, .. grids], tasks.Select(t => t.Id));
        Assert.Equal("Cached", tasks[0].State.Name);
        Assert.Equal(0.25, tasks[1].Progress!.Fraction);
        Assert.Equal(grids[0], Assert.Single(await api.Client.TaskRuns.List(new TaskRunFilter { FlowRunId = run.Id, States = ["Running"] }, Cancellation).ToListAsync(Cancellation)).Id);
        Assert.Equal(6, await api.Client.TaskRuns.List(new TaskRunFilter { Tags = ["t"], Limit = 4 }, Cancellation).CountAsync(Cancellation));
        Assert.Equal(0, await api.Client.TaskRuns.List(new TaskRunFilter { FlowRunId = run.Id, Text = "%" }, Cancellation).CountAsync(Cancellation));
        var grid = await api.Client.TaskRuns.Get(grids[0], Cancellation);
        Assert.Equal(new TaskInput(load, "visibilities"), Assert.Single(grid.Inputs));
        Assert.Equal("demo", grid.FlowName);

        var graph = await api.Client.FlowRuns.Graph(run.Id, cancellation: Cancellation);
        Assert.Equal(["load", "grid"], graph.Nodes.Select(n => n.Id));
        Assert.Equal(new GraphEdge("load", "grid", 5), Assert.Single(graph.Edges));
        var whole = await api.Client.FlowRuns.Graph(run.Id, GraphDetail.TaskRuns, Cancellation);
        Assert.Equal((6, 5, false), (whole.Nodes.Count, whole.Edges.Count, whole.Truncated));

        var progress = await api.Client.FlowRuns.Progress(run.Id, Cancellation);
        Assert.Equal(1.0 / 6, progress.Fraction!.Value, 6);
        Assert.Equal(6, (await api.Client.FlowRuns.Get(run.Id, Cancellation)).TaskCounts.Values.Sum());

        Assert.Equal("# two", Assert.Single(await api.Client.FlowRuns.Artifacts(run.Id, cancellation: Cancellation)).Data!.Value.GetString());
        Assert.Equal(2, (await api.Client.FlowRuns.Artifacts(run.Id, history: true, Cancellation)).Count);

        var lines = await api.Client.FlowRuns.Logs(run.Id, new ApiModel.Logs.LogFilter { Limit = 2 }, Cancellation).Select(l => l.Text).ToListAsync(Cancellation);
        Assert.Equal(["line one", "line <script>two</script>", "line three"], lines);
        Assert.Equal("line three", Assert.Single(await api.Client.FlowRuns.Logs(run.Id, new ApiModel.Logs.LogFilter { Text = "THREE" }, Cancellation).ToListAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task A_waiting_run_says_why()
    {
        await using var api = await RunningApi.Start();
        var id = await PlayedRun.Submit(api, asked: new CreateFlowRun { FlowName = "f", Program = PlayedRun.Program, DelaySeconds = 3600 });
        _ = await api.Client.WorkQueues.Pause("default", Cancellation);
        var why = await api.Client.FlowRuns.Why(id, Cancellation);
        Assert.Equal(["NotDue", "QueuePaused", "NoAgentForQueue"], why.Reasons.Select(r => r.Kind));
        Assert.NotNull(why.Reasons[0].Until);
    }

    [Fact]
    public async Task Work_queues_are_made_changed_previewed_and_removed()
    {
        await using var api = await RunningApi.Start();
        var queues = api.Client.WorkQueues;
        Assert.True((await queues.Create(new() { Name = "fast", ConcurrencyLimit = 2 }, Cancellation)).Changed);
        var again = await Assert.ThrowsAsync<ApiRefusedException>(() => queues.Create(new() { Name = "fast" }, Cancellation));
        Assert.Equal((409, "name"), (again.Status, again.Problem.Errors!.Keys.Single()));
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiRefusedException>(() => queues.Change("fast", new() { ConcurrencyLimit = 0 }, Cancellation))).Status);
        Assert.True((await queues.Change("fast", new() { ClearConcurrencyLimit = true, Priority = 7, Description = "d" }, Cancellation)).Changed);
        var queue = await queues.Get("fast", Cancellation);
        Assert.Equal((null, 7, "d"), (queue.ConcurrencyLimit, queue.Priority, queue.Description));

        var late = await PlayedRun.Submit(api, asked: new CreateFlowRun { FlowName = "f", Program = PlayedRun.Program, Queue = "fast", Priority = 2 });
        var first = await PlayedRun.Submit(api, asked: new CreateFlowRun { FlowName = "f", Program = PlayedRun.Program, Queue = "fast", Priority = 1 });
        var preview = await queues.Preview("fast", cancellation: Cancellation);
        Assert.Equal([first, late], preview.Runs.Select(r => r.Id));
        Assert.Equal("no agent on line takes runs of this queue", preview.Blocked);
        _ = await queues.Pause("fast", Cancellation);
        Assert.Equal("the queue is paused", (await queues.Preview("fast", cancellation: Cancellation)).Blocked);
        Assert.Equal(409, (await Assert.ThrowsAsync<ApiRefusedException>(() => queues.Delete("fast", Cancellation))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiRefusedException>(() => queues.Pause("none", Cancellation))).Status);
        Assert.Contains((await queues.List(Cancellation)), q => q.Name == "default");
    }

    [Fact]
    public async Task A_retry_that_nobody_would_carry_out_is_refused_with_what_to_type()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api, asked: new CreateFlowRun { FlowName = "demo", Program = PlayedRun.Program, Queue = $"{PrivateQueue.Prefix}1" });
        await run.Report(RunReport.Failed, "no data");
        var refusal = await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.FlowRuns.Retry(run.Id, cancellation: Cancellation));
        Assert.Equal(409, refusal.Status);
        Assert.Contains("type 'holoflow flow-run retry", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("Failed", (await api.Client.FlowRuns.Get(run.Id, Cancellation)).State.Name);
    }

    [Fact]
    public async Task An_agent_is_listed_as_it_told_of_itself()
    {
        await using var api = await RunningApi.Start();
        var seen = api.Client.Server.Events(Cancellation).OfType<ApiModel.Events.AgentChanged>().FirstAsync(Cancellation).AsTask();
        _ = await Again.UntilSeen(seen, () => api.Bus.Publish(new AgentCapacityChanged { AgentId = "a b/1", Name = "node 1", Host = "h", Queues = ["default"], Tags = [], Slots = 4, FreeSlots = 3, Sequence = TimeProvider.System.GetTimestamp(), Version = "0.1" }, Cancellation).AsTask());

        IReadOnlyList<ApiModel.Agents.AgentRow> agents;
        while ((agents = await api.Client.Agents.List(Cancellation)).Count == 0)
            await Task.Yield();
        Assert.Equal(("a b/1", true, 4, 3), (agents[0].Id, agents[0].Online, agents[0].Slots, agents[0].FreeSlots));
        Assert.Equal(1, (await api.Client.WorkQueues.Get("default", Cancellation)).Agents);
    }
}
