using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;

namespace Holoflow.Stack.Tests;

/// <summary>Tags and concurrency limits over several agents.</summary>
public sealed class LimitTests(ServiceStack stack) : IClassFixture<ServiceStack>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task A_limit_holds_for_the_tasks_of_runs_on_several_agents_and_a_dead_holder_gives_its_slot_back()
    {
        const string Limit = "telescope";
        var folder = stack.Folder();
        await stack.Client.ConcurrencyLimits.Set(Limit, 1, Cancellation);
        stack.StartAgent("Agent.west", "west");
        stack.StartAgent("Agent.east", "east");
        var release = Path.Combine(folder, "release");
        var dead = await Submit("west", new { directory = folder, tasks = 1, release });
        await Polling.Until(async () => (await stack.Client.ConcurrencyLimits.Get(Limit, Cancellation)).Holders.Count == 1);
        var alive = await Submit("east", new { directory = folder, tasks = 3 });
        await Polling.Until(async () => (await stack.Client.ConcurrencyLimits.Get(Limit, Cancellation)).Waiting == 3);
        var holder = Assert.Single((await stack.Client.ConcurrencyLimits.Get(Limit, Cancellation)).Holders);
        Assert.Equal((dead, "observe-1"), (holder.RunId, holder.TaskRunName));
        var why = await stack.Client.FlowRuns.Why(alive, Cancellation);
        Assert.Contains("3 of its tasks have waited for a slot of 'telescope'", why.Reasons[0].Text, StringComparison.Ordinal);
        Assert.Contains("task 'observe-1' of", why.Reasons[0].Text, StringComparison.Ordinal);

        // The flow that holds the slot has heard of it.
        await Polling.Until(() => Task.FromResult(Directory.GetFiles(folder, "observed.*").Length == 1));
        // Its agent dies and does not come back; what it left of the flow ends with the file, and its lease by itself.
        await stack.Kill("Agent.west");
        await File.WriteAllTextAsync(release, "", Cancellation);
        Assert.Equal("Completed", (await stack.Client.Ended(alive, Cancellation)).State.Type.ToString());
        Assert.Equal("Crashed", (await stack.Client.Ended(dead, Cancellation)).State.Type.ToString());
        Assert.Equal(4, Directory.GetFiles(folder, "observed.*").Length);
        Assert.Empty((await stack.Client.ConcurrencyLimits.Get(Limit, Cancellation)).Holders);
        await stack.Kill("Agent.east");
    }

    [Fact(Timeout = 240_000)]
    public async Task A_run_that_two_subscriptions_match_runs_once_and_one_that_none_matches_says_why_it_waits()
    {
        const int Runs = 20;
        var folder = stack.Folder();
        stack.StartAgent("Agent.gpu", "tagged", "gpu");
        var lonely = await Submit("tagged", new { directory = folder, tasks = 1 }, ["cpu"]);
        await Polling.Until(
            async () => (await stack.Client.FlowRuns.Why(lonely, Cancellation)).Reasons.Any(r => r.Text.Contains("asks for tags that the run lacks; 'Agent.gpu' asks for gpu", StringComparison.Ordinal)));
        stack.StartAgent("Agent.any", "tagged");
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => Witness(folder, ["gpu", "big"])));
        foreach (var run in runs)
            Assert.Equal("Completed", (await stack.Client.Ended(run, Cancellation)).State.Type.ToString());
        Assert.Equal("Completed", (await stack.Client.Ended(lonely, Cancellation)).State.Type.ToString());
        Assert.Equal(Runs, Directory.GetFiles(folder, "before.*").Length);
        await stack.Kill("Agent.gpu");
        await stack.Kill("Agent.any");
    }

    async Task<Guid> Submit(string queue, object parameters, IReadOnlyList<string>? tags = null, string method = "Observations") => (await stack.Client.FlowRuns.Create(
        new CreateFlowRun
        {
            FlowName = method,
            Program = new FlowProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = method },
            Queue = queue,
            Tags = tags ?? [],
            Parameters = JsonSerializer.SerializeToElement(parameters),
        },
        cancellation: Cancellation)).Id;

    Task<Guid> Witness(string folder, IReadOnlyList<string> tags)
    {
        var release = Path.Combine(folder, "go");
        File.WriteAllText(release, "");
        return Submit("tagged", new { release }, tags, "WaitForFile");
    }
}
