using System.Text.Json;
using Holoflow.ApiModel.FlowRuns;

namespace Holoflow.Stack.Tests;

/// <summary>Runs through five processes, RabbitMQ and PostgreSQL.</summary>
public sealed class StackTests(ServiceStack stack) : IClassFixture<ServiceStack>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task A_run_request_is_carried_to_its_end_and_its_history_is_there()
    {
        var run = await Submit("Mapped", """{"count":20}""");
        var ended = await Ended(run);

        Assert.Equal("Completed", ended.State.Type.ToString());
        var detail = await stack.Client.FlowRuns.Get(run, Cancellation);
        Assert.Equal(21, detail.TaskCounts["Completed"]);
        Assert.Equal(["Scheduled", "Pending", "Running", "Completed"], (await stack.Client.FlowRuns.History(run, Cancellation)).Select(h => h.State.Type.ToString()));
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

    Task<Guid> Submit(string method, string parameters) => stack.Client.Submit(method, parameters, Cancellation);

    Task<FlowRunRow> Ended(Guid run) => stack.Client.Ended(run, Cancellation);

    static async Task Appears(string file)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(file))
            await tick.WaitForNextTickAsync(Cancellation);
    }
}
