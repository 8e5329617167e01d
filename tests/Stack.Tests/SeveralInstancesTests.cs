using System.Text.Json;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Persistence;

namespace Holoflow.Stack.Tests;

/// <summary>Two processes of each service.</summary>
public sealed class DoubledStack : ServiceStack
{
    protected override int Instances => 2;
}

/// <summary>Several instances of every service run at once; of the schedulers one leads, and another takes its place when it dies.</summary>
public sealed class SeveralInstancesTests(DoubledStack stack) : IClassFixture<DoubledStack>
{
    const string Leader = """
        SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND a.application_name LIKE 'holoflow scheduling %'
        """;

    const string LeaseOf = "SELECT lease_agent FROM flow_runs WHERE id = $1";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task When_the_leading_scheduler_is_killed_another_takes_over()
    {
        for (var round = 0; round < 2; round++)
        {
            var leader = await FindLeader(notThis: null);
            await stack.Kill(leader);
            var next = await FindLeader(notThis: leader);
            var run = await stack.Client.Submit("Mapped", """{"count":3}""", Cancellation);
            Assert.Equal("Completed", (await stack.Client.Ended(run, Cancellation)).State.Type.ToString());
            Assert.NotEqual(leader, next);
            stack.Start(leader);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Either_instance_of_each_service_is_enough_and_no_run_is_done_twice()
    {
        var runs = new List<Guid>();
        using var other = stack.ClientOf("Api.2");
        foreach (var service in ServiceStack.Services)
        {
            foreach (var instance in stack.InstancesOf(service))
            {
                await stack.Kill(instance);
                var client = instance == "Api" ? other : stack.Client;
                runs.Add(await client.Submit("Mapped", """{"count":3}""", Cancellation));
                Assert.Equal("Completed", (await client.Ended(runs[^1], Cancellation)).State.Type.ToString());
                stack.Start(instance);
            }
        }

        foreach (var run in runs)
        {
            Assert.Equal(["Scheduled", "Pending", "Running", "Completed"], (await other.States(run, Cancellation)).Select(state => state.Type.ToString()));
            Assert.Equal(4, (await other.FlowRuns.Get(run, Cancellation)).TaskCounts["Completed"]);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task An_agent_that_hangs_beyond_its_lease_loses_the_run_and_kills_what_it_ran_of_it_when_it_wakes()
    {
        var folder = stack.Folder();
        var (release, started) = (Path.Combine(folder, "release"), Path.Combine(folder, "started"));
        var run = await stack.Client.Submit("WaitForFile", JsonSerializer.Serialize(new { release, started }), Cancellation, crashReschedules: 1);
        // Not before its start is known to the store: an agent that hangs cannot tell of it.
        await Polling.Until(async () => File.Exists(started) && (await stack.Client.FlowRuns.Get(run, Cancellation)).State.Type == RunStateType.Running);
        var holder = (await Lease(run))!.Split('-')[0];
        var directory = Path.Combine(stack.HomeOf(holder), "runs", run.ToString());
        var supervisor = int.Parse((await File.ReadAllTextAsync(Path.Combine(directory, "process.1"), Cancellation)).Split(' ')[0]);
        await stack.Pause(holder);
        try
        {
            // No other may begin before the lease is over; then the other agent, which has none of the first one's files, does all of it.
            await Polling.Until(() => Task.FromResult(Directory.GetFiles(folder, "before.*").Length == 2));
            Assert.True(Directory.Exists($"/proc/{supervisor}"));
        }
        finally
        {
            await stack.Continue(holder);
        }

        await Polling.Until(() => Task.FromResult(!Directory.Exists($"/proc/{supervisor}")));
        await File.WriteAllTextAsync(release, "", Cancellation);

        Assert.Equal("Completed", (await stack.Client.Ended(run, Cancellation)).State.Type.ToString());
        Assert.Single(Directory.GetFiles(folder, "after.*"));
        Assert.Equal(
            ["Scheduled", "Pending", "Running", "AwaitingRetry", "Pending", "Retrying", "Completed"],
            (await stack.Client.States(run, Cancellation)).Select(state => state.Name));
        Assert.Equal(3, (await stack.Client.FlowRuns.Get(run, Cancellation)).TaskCounts["Completed"]);
    }

    async Task<string?> Lease(Guid run)
    {
        await using var session = await Database.At(stack.DatabaseAddress).OpenReadSession(Cancellation);
        return session.Text(LeaseOf, run);
    }

    async Task<string> FindLeader(string? notThis)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await tick.WaitForNextTickAsync(Cancellation))
        {
            await using var session = await Database.At(stack.DatabaseAddress).OpenReadSession(Cancellation);
            if (session.Text(Leader) is { } name && stack.InstanceOf(int.Parse(name.Split(' ', '@')[2])) is { } instance && instance != notThis)
                return instance;
        }

        throw new InvalidOperationException("no scheduler leads");
    }
}
