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
            Assert.Equal(["Scheduled", "Pending", "Running", "Completed"], (await other.FlowRuns.History(run, Cancellation)).Select(h => h.State.Type.ToString()));
            Assert.Equal(4, (await other.FlowRuns.Get(run, Cancellation)).TaskCounts["Completed"]);
        }
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
