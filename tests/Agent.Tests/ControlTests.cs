using Holoflow.Agent.Processes;
using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;

namespace Holoflow.Agent.Tests;

/// <summary>Cancel, pause, fencing: what is asked of a run reaches its processes.</summary>
public class ControlTests
{
    [Fact]
    public async Task Cancel_asks_the_flow_process_first()
    {
        await using var bench = await AgentBench.Start();
        var run = await bench.Submit("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        await bench.Store.Until(() => run.Texts("stdout").Contains("up"));
        await bench.Store.Control(run, WantedOfRun.Cancel);
        Assert.Equal(RunReport.Cancelled, (await bench.Store.End(run)).Report);
        Assert.Equal(["up", "bye"], run.Texts("stdout"));
        Assert.Equal("{\"kind\":\"Cancel\",\"reason\":\"asked by a test\",\"attempt\":1}\n", await File.ReadAllTextAsync(bench.Directory(run).Control, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancel_ends_what_ignores_it_and_its_children_too()
    {
        await using var bench = await AgentBench.Start(o => o with { CancelGrace = TimeSpan.FromMilliseconds(300) });
        var run = await bench.Submit("""
            trap '' TERM
            sleep 1000 & echo $!
            setsid sh -c 'sleep 1001 & echo $!; wait' &
            wait; while :; do sleep 0.1; done
            """);
        await bench.Store.Until(() => run.Texts("stdout").Count() == 2);
        await bench.Store.Control(run, WantedOfRun.Cancel);
        var end = await bench.Store.End(run);
        Assert.Equal((RunReport.Cancelled, "killed by signal 9 (SIGKILL)"), (end.Report, end.Message));
        Assert.All(run.Texts("stdout"), id => Assert.Null(ProcessIdentity.Of(int.Parse(id))));
    }

    [Fact]
    public async Task A_cancel_message_that_was_lost_is_made_good_by_the_lease()
    {
        await using var bench = await AgentBench.Start();
        bench.Store.LeaseSeconds = 0.9;
        var run = await bench.Submit("sleep 1000");
        await bench.Store.Until(() => run.Reports.Count == 1);
        run.Wanted = WantedOfRun.Cancel;
        Assert.Equal(RunReport.Cancelled, (await bench.Store.End(run)).Report);
    }

    [Fact]
    public async Task Pause_and_resume_are_told_to_the_flow()
    {
        await using var bench = await AgentBench.Start();
        var run = await bench.Submit("while ! grep -q Resume $HOLOFLOW_RUN_DIR/control.ndjson; do sleep 0.02; done; cat $HOLOFLOW_RUN_DIR/control.ndjson");
        await bench.Store.Until(() => run.Reports.Count == 1);
        await bench.Store.Control(run, WantedOfRun.Pause);
        await bench.Store.Control(run, WantedOfRun.Pause);
        await bench.Store.Control(run, WantedOfRun.Run);
        Assert.Equal(RunReport.Completed, (await bench.Store.End(run)).Report);
        Assert.Equal(["""{"kind":"Pause","reason":"asked by a test","attempt":1}""", """{"kind":"Resume","reason":"asked by a test","attempt":1}"""], run.Texts("stdout"));
    }

    [Fact]
    public async Task A_run_that_was_taken_away_is_killed_and_not_reported()
    {
        await using var bench = await AgentBench.Start();
        bench.Store.LeaseSeconds = 0.9;
        var run = await bench.Submit("sleep 1000 & echo $!; wait");
        await bench.Store.Until(() => run.Texts("stdout").Any());
        bench.Store.TakeAway(run);
        await bench.Agent.DrainAsync().WaitAsync(bench.Store.Patience, TestContext.Current.CancellationToken);
        Assert.Null(ProcessIdentity.Of(int.Parse(run.Texts("stdout").Single())));
        Assert.Null(run.End);
    }

    [Fact]
    public async Task Children_left_behind_are_ended_and_named()
    {
        await using var bench = await AgentBench.Start();
        // It ends when both are what they are named: a child that was just forked has its parent's name.
        var (run, end) = await bench.Run("""
            sleep 1000 & first=$!; echo $first
            setsid sleep 1001 & second=$!
            for child in $first $second; do until read -r name </proc/$child/comm && [ "$name" = sleep ]; do :; done; done
            exit 0
            """);
        Assert.Equal(RunReport.Completed, end.Report);
        var id = int.Parse(run.Texts("stdout").Single());
        Assert.Null(ProcessIdentity.Of(id));
        var note = Assert.Single(run.Texts("agent"));
        Assert.Contains($"{id} (sleep)", note, StringComparison.Ordinal);
        Assert.Equal(2, note.Split("(sleep)").Length - 1);
    }
}
