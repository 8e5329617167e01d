using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;
using Holoflow.Messaging;

namespace Holoflow.Api.Tests;

/// <summary>A followed run is told without a gap, over broken connections and restarted servers.</summary>
public sealed class FollowTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_followed_from_its_start_to_its_end()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        var following = Collect(api.Client.FlowRuns.Follow(run.Id, cancellation: Cancellation));
        await Play(run, 40);
        await run.Report(Contracts.RunReport.Completed);
        var updates = await following;
        AssertWhole(updates, 40);
        // Following an ended run tells the same.
        AssertWhole(await Collect(api.Client.FlowRuns.Follow(run.Id, cancellation: Cancellation)), 40);
    }

    [Fact]
    public async Task A_broken_connection_is_taken_up_without_a_gap_or_a_repeat()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        using var breaking = new BreakingHandler(200, 700);
        using var client = new HoloflowClient(new ClientOptions { BaseAddress = api.Host.Address, Handler = breaking });
        var following = Collect(client.FlowRuns.Follow(run.Id, cancellation: Cancellation));
        var logs = client.FlowRuns.FollowLogs(run.Id, cancellation: Cancellation).Select(l => l.Text).ToListAsync(Cancellation).AsTask();
        await Play(run, 30);
        await run.Report(Contracts.RunReport.Completed);
        AssertWhole(await following, 30);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"line {i}"), await logs);
        Assert.True(breaking.Broken > 2, $"only {breaking.Broken} connections broke");
    }

    [Fact]
    public async Task Events_that_the_bus_delivers_twice_tell_a_follower_nothing_twice()
    {
        await using var api = await RunningApi.Start();
        await using var states = Double<Contracts.RunStateChanged>(api);
        await using var tasks = Double<Contracts.TaskRunsChanged>(api);
        await using var lines = Double<Contracts.LogsStored>(api);
        var run = await PlayedRun.Start(api);
        var following = Collect(api.Client.FlowRuns.Follow(run.Id, cancellation: Cancellation));
        var logs = api.Client.FlowRuns.FollowLogs(run.Id, cancellation: Cancellation).Select(l => l.Text).ToListAsync(Cancellation).AsTask();
        await Play(run, 20);
        await run.Report(Contracts.RunReport.Completed);
        var updates = await following;
        AssertWhole(updates, 20);
        var versions = updates.OfType<RunChanged>().Select(u => u.Run.Version).ToList();
        Assert.Equal(versions.Distinct(), versions);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"line {i}"), await logs);
    }

    [Fact]
    public async Task Tasks_that_the_store_ends_with_the_run_are_told()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        var task = await run.Task("work");
        await run.State(task, "Running");
        await run.Report(Contracts.RunReport.Crashed, "killed");
        var updates = await Collect(api.Client.FlowRuns.Follow(run.Id, cancellation: Cancellation));
        Assert.Equal("Crashed", updates.OfType<TasksChanged>().SelectMany(u => u.Tasks).Last(t => t.Id == task).State.Name);
        Assert.Equal(RunStateType.Crashed, updates.OfType<RunEnded>().Single().Run.State.Type);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_refused()
    {
        await using var api = await RunningApi.Start();
        var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => Collect(api.Client.FlowRuns.Follow(Guid.CreateVersion7(), cancellation: Cancellation)));
        Assert.Equal(404, refused.Status);
    }

    // Every other one is the repeat that the one before it caused.
    static ISubscription Double<T>(RunningApi api)
        where T : class, Contracts.IRouted
    {
        var count = 0;
        return api.Bus.Subscribe<T>(new Subscription("#"), (e, cancellation) => Interlocked.Increment(ref count) % 2 == 1 ? api.Bus.Publish(e, cancellation) : ValueTask.CompletedTask);
    }

    static async Task Play(PlayedRun run, int tasks)
    {
        for (var i = 0; i < tasks; i++)
        {
            var task = await run.Task("work");
            await run.State(task, "Running");
            await run.Progress(task, 0.5);
            await run.Log($"line {i}");
            await run.State(task, "Completed");
        }
    }

    static void AssertWhole(List<RunUpdate> updates, int tasks)
    {
        _ = Assert.IsType<RunChanged>(updates[0]);
        Assert.Equal(RunStateType.Completed, Assert.IsType<RunEnded>(updates[^1]).Run.State.Type);
        Assert.Equal(Enumerable.Range(0, tasks).Select(i => $"line {i}"), updates.OfType<LogsWritten>().SelectMany(u => u.Lines).Select(l => l.Text));
        var newest = updates.OfType<TasksChanged>().SelectMany(u => u.Tasks).GroupBy(t => t.Id).Select(g => g.Last()).ToList();
        Assert.Equal(tasks, newest.Count);
        Assert.All(newest, t => Assert.Equal("Completed", t.State.Name));
        Assert.All(newest, t => Assert.Equal(0.5, t.Progress!.Fraction));
    }

    static async Task<List<RunUpdate>> Collect(IAsyncEnumerable<RunUpdate> updates) => await updates.ToListAsync(Cancellation);
}
