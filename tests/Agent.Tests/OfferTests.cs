using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;
using Holoflow.Servers;

namespace Holoflow.Agent.Tests;

/// <summary>Offers, claims and what the agent tells of itself.</summary>
public class OfferTests
{
    [Fact]
    public async Task It_tells_of_itself_at_start_on_change_and_at_stop()
    {
        await using var bench = await AgentBench.Start(o => o with { Slots = 2, Tags = ["big"], AnnounceEvery = TimeSpan.FromHours(1) });
        await bench.Store.Until(() => bench.Store.Capacity.Any(c => c is { Online: true, Slots: 2, FreeSlots: 2 }));
        var run = await bench.Submit("sleep 1000", r => r with { Tags = ["big", "other"] });
        await bench.Store.Until(() => bench.Store.FreeSlots == 1);
        await bench.Store.Control(run, WantedOfRun.Cancel);
        await bench.Store.End(run);
        await bench.Store.Until(() => bench.Store.FreeSlots == 2);
        await bench.Agent.StopAsync();
        await bench.Store.Until(() => bench.Store.Capacity.LastOrDefault() is { Online: false });
        var told = bench.Store.Capacity.ToList();
        Assert.Equal(told.OrderBy(c => c.Sequence), told);
        Assert.All(told, c => Assert.Equal(("tester", Environment.MachineName), (c.Name, c.Host)));
    }

    [Fact]
    public async Task A_run_without_the_agents_tags_is_left_to_others()
    {
        await using var bench = await AgentBench.Start(o => o with { Tags = ["gpu"] });
        var other = await bench.Submit("exit 0");
        var (own, _) = await bench.Run("exit 0", r => r with { Tags = ["gpu"] });
        Assert.NotNull(own.AgentId);
        Assert.Null(other.AgentId);
    }

    [Fact]
    public async Task Offers_beyond_the_slots_are_not_taken()
    {
        await using var bench = await AgentBench.Start(o => o with { Slots = 1 });
        var first = await bench.Submit("sleep 1000");
        // Also that it has no slot is told: until then the word of its start, that it has one, stands.
        await bench.Store.Until(() => first.Reports.Count == 1 && bench.Store.FreeSlots == 0);
        var second = await bench.Submit("exit 0");
        await bench.Store.Control(first, WantedOfRun.Cancel);
        await bench.Store.End(first);
        Assert.Null(second.AgentId);
        await bench.Store.Until(() => bench.Store.FreeSlots == 1);
        await bench.Store.Offer(second);
        await bench.Store.End(second);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_asked_again_and_runs_once()
    {
        await using var bench = await AgentBench.Start();
        bench.Store.LoseAnswers = 3;
        var (run, end) = await bench.Run($"echo once >>{bench.Home.In("ran")}");
        Assert.Equal(RunReport.Completed, end.Report);
        Assert.Equal(["once"], await File.ReadAllLinesAsync(bench.Home.In("ran"), TestContext.Current.CancellationToken));
        Assert.Equal([RunReport.Started, RunReport.Completed], run.Reports.Select(r => r.Report));
    }

    [Fact]
    public async Task Runs_go_on_while_no_server_answers_and_are_told_of_later()
    {
        await using var bench = await AgentBench.Start();
        var run = await bench.Submit($"echo up; while [ ! -e {bench.Home.In("go")} ]; do sleep 0.02; done; echo end; touch {bench.Home.In("gone")}");
        await bench.Store.Until(() => run.Texts("stdout").Any());
        await bench.Store.GoAway();
        await File.WriteAllTextAsync(bench.Home.In("go"), "", TestContext.Current.CancellationToken);
        await FileSignal.Appeared(bench.Home.In("gone"), TestContext.Current.CancellationToken);
        Assert.Null(run.End);
        bench.Store.Open();
        Assert.Equal(RunReport.Completed, (await bench.Store.End(run)).Report);
        Assert.Equal(["up", "end"], run.Texts("stdout"));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    public async Task A_name_that_is_no_name_is_refused(string name)
    {
        await using var bench = await AgentBench.Start();
        var refusal = await Assert.ThrowsAsync<AgentStartException>(() => FlowAgent.StartAsync(bench.Options with { Name = name }, bench.Bus, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TestContext.Current.CancellationToken));
        Assert.Contains("agent name", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_agents_of_one_name_cannot_run()
    {
        await using var bench = await AgentBench.Start();
        var refusal = await Assert.ThrowsAsync<AgentStartException>(() => FlowAgent.StartAsync(bench.Options, bench.Bus, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TestContext.Current.CancellationToken));
        Assert.Contains("an agent named 'tester' runs already", refusal.Message, StringComparison.Ordinal);
    }
}
