namespace Holoflow.Standalone.Tests;

/// <summary>Processes that serve one run each, on one state directory: real ones, some of them killed.</summary>
public class OneRunTests
{
    [Fact]
    public async Task A_run_leaves_its_whole_history()
    {
        using var home = new TemporaryHome();
        home.Open();
        using var process = await StandaloneProcess.Start(home.Path, home.Program(TemporaryHome.Flow));
        Assert.Equal("Completed ", await process.End());
        await AssertWhole(home, 1);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.In("agents")));
    }

    [Fact]
    public async Task What_was_killed_in_the_middle_of_a_run_is_finished_by_the_next()
    {
        using var home = new TemporaryHome();
        using (var first = await StandaloneProcess.Start(home.Path, home.Program(TemporaryHome.Flow)))
        {
            await home.Until("SELECT count(*) FROM task_runs", 50);
            await first.Kill();
        }

        home.Open();
        await using var next = await Standalone.StartAsync(StandaloneOptions.Server(home.Path, port: 0), TestContext.Current.CancellationToken);
        await home.Until("SELECT count(*) FROM flow_runs WHERE state_type = 'Completed'", 1);
        await AssertWhole(home, 1);
    }

    [Fact]
    public async Task What_was_killed_before_its_flow_began_is_cancelled_by_the_next()
    {
        using var home = new TemporaryHome();
        await using (var first = await Standalone.StartAsync(StandaloneOptions.ForOneRun(home.Path) with { AgentSlots = 0 }, TestContext.Current.CancellationToken))
        {
            await first.SubmitOwnAsync(Samples.Run(home.Program("exit 0")), TestContext.Current.CancellationToken);
            // As SIGKILL would leave it: the directory is there, the lock is free.
            Directory.Move(home.In($"agents/{first.PrivateQueue}"), home.In("kept"));
            Directory.CreateDirectory(home.In($"agents/{first.PrivateQueue}/runs"));
        }

        Directory.Move(home.In("kept"), home.In("agents/embedded-dead"));
        await using var next = await Standalone.StartAsync(StandaloneOptions.ForOneRun(home.Path), TestContext.Current.CancellationToken);
        await home.Until("SELECT count(*) FROM flow_runs WHERE state_type = 'Cancelled'", 1);
    }

    [Fact]
    public async Task Many_at_once_on_one_file()
    {
        using var home = new TemporaryHome();
        home.Open();
        var program = home.Program(TemporaryHome.Flow);
        var processes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StandaloneProcess.Start(home.Path, program)));
        Assert.All(await Task.WhenAll(processes.Select(p => p.End())), end => Assert.Equal("Completed ", end));
        await AssertWhole(home, 8);
        foreach (var process in processes)
            process.Dispose();
    }

    [Fact]
    public async Task A_concurrency_limit_holds_over_processes_that_share_nothing_but_the_state_directory()
    {
        using var home = new TemporaryHome();
        // Two at it at a time is a fault: mkdir takes a directory once.
        const string Flow = """
            j=$HOLOFLOW_RUN_DIR/journal.ndjson; c=$HOLOFLOW_RUN_DIR/control.ndjson; n=1; request=$(basename $HOLOFLOW_RUN_DIR)
            say() { printf '%s\n' "$1" >>"$j"; n=$((n + 1)); }
            say '{"k":"flow-started","n":'$n',"t":"2026-01-01T00:00:00Z","attempt":1,"processId":'$$',"host":"here"}'
            say '{"k":"slots-wanted","n":'$n',"t":"2026-01-01T00:00:00Z","request":"'$request'","names":["telescope"]}'
            until grep -q "SlotsGranted.*$request" "$c"; do sleep 0.02; done
            mkdir "$HOLOFLOW_HOME/pointing" || exit 1
            sleep 0.3
            rmdir "$HOLOFLOW_HOME/pointing"
            say '{"k":"slots-released","n":'$n',"t":"2026-01-01T00:00:00Z","request":"'$request'"}'
            say '{"k":"flow-ended","n":'$n',"t":"2026-01-01T00:00:00Z","attempt":1,"type":"Completed"}'
            """;
        await using (var server = await Standalone.StartAsync(StandaloneOptions.Server(home.Path, port: 0), TestContext.Current.CancellationToken))
        {
            using var http = new HttpClient { BaseAddress = await server.ApiStarted };
            using var limit = new StringContent("""{"slots":1}""", System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PutAsync("api/concurrency-limits/telescope", limit, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var program = home.Program(Flow);
        var processes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StandaloneProcess.Start(home.Path, program)));
        Assert.All(await Task.WhenAll(processes.Select(p => p.End())), end => Assert.Equal("Completed ", end));
        Assert.Equal(0L, await home.Ask("SELECT count(*) FROM concurrency_slots"));
        foreach (var process in processes)
            process.Dispose();
    }

    static async Task AssertWhole(TemporaryHome home, int runs)
    {
        Assert.Equal((long)runs, await home.Ask("SELECT count(*) FROM flow_runs WHERE state_type = 'Completed'"));
        Assert.Equal(runs * 100L, await home.Ask("SELECT count(*) FROM task_runs WHERE state_type = 'Completed'"));
        Assert.Equal(runs * 200L, await home.Ask("SELECT count(*) FROM log_lines"));
        Assert.Equal(runs * 200L, await home.Ask("SELECT count(DISTINCT run_id || text) FROM log_lines"));
    }
}
