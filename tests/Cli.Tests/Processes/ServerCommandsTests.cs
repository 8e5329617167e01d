using System.Text.Json;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>Every verb before a server that the command itself started, with an agent beside it.</summary>
public sealed class ServerCommandsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    string Home => server.Home;

    [Fact]
    public async Task The_server_and_its_agent_tell_of_themselves()
    {
        var status = await JsonOutput.One(Home, "server", "status");
        Assert.Equal(("True", "sqlite"), (status.At("ready"), status.At("database")));
        // What an agent tells of itself is stored with whatever is written next.
        IReadOnlyList<JsonElement> agents;
        do
            agents = await JsonOutput.Rows(Home, "agent", "ls");
        while (agents.Count == 0);
        var agent = Assert.Single(agents);
        Assert.Equal(("tester", "True", "4"), (agent.At("name"), agent.At("online"), agent.At("slots")));
        Assert.Contains("already", (await Fails(1, "server", "start", "--port", "0")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_is_built_applied_run_and_deleted()
    {
        var file = server.Folder.In("mapped.yaml");
        await Does("deployment", "build", HoloflowProcess.Sample("Mapped"), "--name", "nightly", "-q", "other", "--tag", "hba", "-p", "count=3", "--cron", "0 2 * * *", "--timezone", "Australia/Perth", "-o", file);
        Assert.Contains("mapped/nightly", await Does("deployment", "apply", file), StringComparison.Ordinal);
        var deployment = await JsonOutput.One(Home, "deployment", "inspect", "mapped/nightly");
        Assert.Equal("3", deployment.At("parameters", "count"));
        Assert.Equal("other", deployment.At("queue"));
        Assert.Contains("0 2 * * *", deployment.At("scheduleList"), StringComparison.Ordinal);
        Assert.Contains(await JsonOutput.Rows(Home, "deployment", "ls"), d => d.At("name") == "nightly");

        var watched = await Does("deployment", "run", "mapped/nightly", "--watch", "-p", "count=4");
        Assert.Contains("the sum is 30", watched, StringComparison.Ordinal);
        Assert.Contains("Completed after", watched, StringComparison.Ordinal);

        await Does("deployment", "pause-schedule", "mapped/nightly");
        Assert.Equal("True", (await JsonOutput.One(Home, "deployment", "inspect", "mapped/nightly")).At("schedulesPaused"));
        await Does("deployment", "resume-schedule", "mapped/nightly");
        await Does("deployment", "set-schedule", "mapped/nightly", "--interval", "6h");
        Assert.Contains("21600", (await JsonOutput.One(Home, "deployment", "inspect", "mapped/nightly")).At("scheduleList"), StringComparison.Ordinal);
        await Does("deployment", "set-schedule", "mapped/nightly", "--none");
        Assert.Equal("0", (await JsonOutput.One(Home, "deployment", "inspect", "mapped/nightly")).At("schedules"));

        Assert.Contains("did you mean 'mapped/nightly'?", await Fails(2, "deployment", "run", "mapped/nigthly"), StringComparison.Ordinal);
        Assert.Contains("is unknown", await Fails(2, "deployment", "run", "mapped/nightly", "-p", "x=1"), StringComparison.Ordinal);
        await Does("deployment", "delete", "mapped/nightly");
        await Fails(2, "deployment", "inspect", "mapped/nightly");
    }

    [Theory]
    [InlineData("six-hourly", "21600", "--interval", "6h", "--anchor-date", "2026-01-01T00:00:00Z")]
    [InlineData("by-rule", "FREQ=DAILY;BYHOUR=3", "--rrule", "FREQ=DAILY;BYHOUR=3", "--timezone", "Australia/Perth")]
    public async Task A_deployment_may_run_by_interval_and_by_rule(string name, string kept, params string[] schedule)
    {
        await Does(["deployment", "build", HoloflowProcess.Sample("Empty"), "--name", name, "-i", "process", "-o", server.Folder.In($"{name}.yaml"), "--apply", .. schedule]);
        Assert.Contains(kept, (await JsonOutput.One(Home, "deployment", "inspect", $"empty/{name}")).At("scheduleList"), StringComparison.Ordinal);
        var id = (await Does("deployment", "run", $"empty/{name}", "--at", "2100-01-01T00:00:00Z")).Split(' ')[^1].Trim();
        Assert.StartsWith("2100-01-01T00:00:00", (await JsonOutput.One(Home, "flow-run", "inspect", id)).At("dueAt"), StringComparison.Ordinal);
        await Does("deployment", "delete", $"empty/{name}");
    }

    [Fact]
    public async Task A_wrong_file_applies_none_of_the_files()
    {
        var right = server.Folder.Write("right.yaml", $"name: whole\nentrypoint: {HoloflowProcess.Sample("Empty")}\n");
        var wrong = server.Folder.Write("wrong.yaml", $"name: broken\nentrypoint: {HoloflowProcess.Sample("Mapped")}\nparameters:\n  cuont: 1\n");
        Assert.Contains("parameter 'cuont' is unknown", await Fails(2, "deployment", "apply", right, wrong), StringComparison.Ordinal);
        Assert.DoesNotContain(await JsonOutput.Rows(Home, "deployment", "ls"), d => d.At("name") is "whole" or "broken");
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_makes_no_second_run()
    {
        await Does("deployment", "build", HoloflowProcess.Sample("Empty"), "--name", "once", "-o", server.Folder.In("once.yaml"), "--apply");
        var first = (await Does("deployment", "run", "empty/once", "--idempotency-key", "k1")).Split(' ')[2].Trim();
        Assert.Contains(first, await Does("deployment", "run", "empty/once", "--idempotency-key", "k1"), StringComparison.Ordinal);
        Assert.Single(await JsonOutput.Rows(Home, "flow-run", "ls", "--deployment", "empty/once"));
    }

    [Fact]
    public async Task A_run_that_waits_says_why_and_is_cancelled()
    {
        await Does("deployment", "build", HoloflowProcess.Sample("Empty"), "--name", "later", "-o", server.Folder.In("later.yaml"), "--apply");
        var id = (await Does("deployment", "run", "empty/later", "--in", "1h", "--priority", "3")).Split(' ')[^1].Trim();
        var run = await JsonOutput.One(Home, "flow-run", "inspect", id);
        Assert.Equal(("Scheduled", "3"), (run.At("state", "name"), run.At("priority")));
        Assert.Contains("NotDue", (await JsonOutput.One(Home, "flow-run", "why", id)).At("reasons"), StringComparison.Ordinal);
        await Does("flow-run", "cancel", id, "--reason", "not today");
        Assert.Contains("not today", await Does("flow-run", "inspect", id), StringComparison.Ordinal);
        await Does("flow-run", "delete", id);
        await Fails(2, "flow-run", "inspect", id);
    }

    [Fact]
    public async Task A_failed_run_is_retried_and_continues_where_it_stopped()
    {
        var folder = server.Folder.In("tries");
        await Does("deployment", "build", HoloflowProcess.Sample("FailThenSucceed"), "--name", "again", "-o", server.Folder.In("again.yaml"), "--apply");
        var flow = (await JsonOutput.Rows(Home, "deployment", "ls")).Single(d => d.At("name") == "again").At("flowName")!;
        var outcome = await HoloflowProcess.Run(Home, "deployment", "run", $"{flow}/again", "--watch", "-p", $"directory={folder}");
        Assert.Equal(1, outcome.ExitCode);
        var run = Assert.Single(await JsonOutput.Rows(Home, "flow-run", "ls", "--flow", flow));
        await Does("flow-run", "retry", run.At("id")!);
        var log = await Does("flow-run", "logs", run.At("id")!, "--follow");
        Assert.Equal("Completed", (await JsonOutput.One(Home, "flow-run", "inspect", run.At("id")!)).At("state", "name"));
        Assert.Single(Directory.GetFiles(folder, "witness.*"));
        Assert.Contains("failure 1 of 1", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_found_by_state_flow_tag_time_and_parameter()
    {
        await Does("deployment", "build", HoloflowProcess.Sample("Sequential"), "--name", "found", "--tag", "lba", "-o", server.Folder.In("found.yaml"), "--apply");
        await Does("deployment", "run", "sequential/found", "--watch", "-p", "count=2");
        await Does("deployment", "run", "sequential/found", "--watch", "-p", "count=3");
        Assert.Equal(2, (await Find("--flow", "sequential", "--state", "completed")).Count);
        Assert.Equal(2, (await Find("--tag", "lba", "--since", "1h")).Count);
        Assert.Empty(await Find("--flow", "sequential", "--until", "1h"));
        Assert.Single(await Find("--flow", "sequential", "-p", "count=3"));
        Assert.Single(await Find("--flow", "sequential", "--limit", "1"));
        Assert.Contains("found", await Does("flow-run", "ls", "--deployment", "sequential/found"), StringComparison.Ordinal);
        Assert.Contains(await JsonOutput.Rows(Home, "flow", "ls"), f => f.At("name") == "sequential");
        var tasks = await JsonOutput.Rows(Home, "task-run", "ls", "--flow-run", (await Find("--flow", "sequential", "-p", "count=3"))[0].At("id")!);
        Assert.Equal(3, tasks.Count);
        Assert.Equal(tasks[0].At("id"), (await JsonOutput.One(Home, "task-run", "inspect", tasks[0].At("id")!)).At("id"));

        Task<IReadOnlyList<JsonElement>> Find(params string[] filter) => JsonOutput.Rows(Home, ["flow-run", "ls", .. filter]);
    }

    [Fact]
    public async Task A_work_queue_is_created_limited_paused_and_deleted()
    {
        await Does("work-queue", "create", "night", "--limit", "2", "--priority", "5", "--description", "by night");
        Assert.Equal(("2", "5"), await Limit());
        await Does("work-queue", "set-concurrency-limit", "night", "7");
        Assert.Equal(("7", "5"), await Limit());
        await Does("work-queue", "clear-concurrency-limit", "night");
        Assert.Equal((null, "5"), await Limit());
        await Does("work-queue", "pause", "night");
        Assert.Equal("True", (await JsonOutput.One(Home, "work-queue", "inspect", "night")).At("paused"));
        Assert.Contains("blocked", (await JsonOutput.One(Home, "work-queue", "preview", "night")).ToString(), StringComparison.Ordinal);
        await Does("work-queue", "resume", "night");
        Assert.Contains(await JsonOutput.Rows(Home, "work-queue", "ls"), q => q.At("name") == "night");
        await Fails(1, "work-queue", "create", "night");
        await Does("work-queue", "delete", "night");
        Assert.Contains("did you mean 'default'?", await Fails(2, "work-queue", "inspect", "defualt"), StringComparison.Ordinal);

        async Task<(string?, string?)> Limit()
        {
            var queue = await JsonOutput.One(Home, "work-queue", "inspect", "night");
            return (queue.At("concurrencyLimit"), queue.At("priority"));
        }
    }

    [Fact]
    public async Task A_run_is_sent_to_the_server_that_the_settings_name()
    {
        var url = (await HoloflowProcess.Run(Home, "server", "status")).Lines[0].Split(' ')[^1];
        using var elsewhere = new TemporaryFolder();
        await using var run = HoloflowProcess.Start(elsewhere.Path, ["run", HoloflowProcess.Sample("Logs"), "-p", "lines=3"], new Dictionary<string, string>(StringComparer.Ordinal) { ["HOLOFLOW_API_URL"] = url });
        var outcome = await run.Outcome();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("line 3 of the log", outcome.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(elsewhere.In("holoflow.db")));
        Assert.NotEmpty(await JsonOutput.Rows(Home, "flow-run", "ls", "--flow", "logs"));
    }

    [Fact]
    public async Task Ctrl_C_cancels_a_watched_run()
    {
        await Does("deployment", "build", HoloflowProcess.Sample("WaitInFlow"), "--name", "long", "-o", server.Folder.In("long.yaml"), "--apply");
        var flow = (await JsonOutput.Rows(Home, "deployment", "ls")).Single(d => d.At("name") == "long").At("flowName")!;
        await using var watch = HoloflowProcess.Start(Home, ["deployment", "run", $"{flow}/long", "--watch", "-p", $"release={server.Folder.In("never")}"]);
        await watch.Shows("Running");
        watch.Interrupt();
        var outcome = await watch.Outcome();
        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains(": Cancelled", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watched_run_that_nobody_takes_says_why_it_waits()
    {
        await Does("deployment", "build", HoloflowProcess.Sample("Empty"), "--name", "untaken", "-q", "nobody", "-o", server.Folder.In("untaken.yaml"), "--apply");
        await using var watch = HoloflowProcess.Start(Home, ["deployment", "run", "empty/untaken", "--watch"]);
        await watch.Shows("waits: no agent has ever served work queue 'nobody': start one with 'holoflow agent start -q nobody'");
        watch.Interrupt();
        Assert.Equal(130, (await watch.Outcome()).ExitCode);
    }

    async Task<string> Does(params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(Home, arguments);
        Assert.True(outcome.ExitCode == 0, $"holoflow {string.Join(' ', arguments)} ended with {outcome.ExitCode}: {outcome.Errors}{outcome.Output}");
        return outcome.Output;
    }

    async Task<string> Fails(int exitCode, params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(Home, arguments);
        Assert.True(outcome.ExitCode == exitCode, $"holoflow {string.Join(' ', arguments)} ended with {outcome.ExitCode}: {outcome.Errors}{outcome.Output}");
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return outcome.Errors;
    }
}
