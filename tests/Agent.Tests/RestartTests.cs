using Holoflow.Agent.Processes;
using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;
using Holoflow.Messaging.InProcess;
using Holoflow.RunProtocol;
using Holoflow.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.Agent.Tests;

/// <summary>The agent dies, by SIGKILL, and comes back: the run completes, every task once, every log line once.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    const int Tasks = 300;

    /// <summary>Writes tasks and lines, and waits for a file between the first and the second half.</summary>
    const string Flow = """
        n=1; j=$HOLOFLOW_RUN_DIR/journal.ndjson
        say() { printf '%s\n' "$1" >>"$j"; n=$((n + 1)); }
        say '{"k":"flow-started","n":'$n',"t":"2026-01-01T00:00:00Z","attempt":1,"processId":'$$',"host":"here"}'
        i=0
        while [ $i -lt 300 ]; do
            i=$((i + 1))
            say '{"k":"state","n":'$n',"t":"2026-01-01T00:00:00Z","task":"0194f3a0-0000-7000-8000-'$(printf %012d $i)'","type":"Completed"}'
            say '{"k":"log","n":'$n',"t":"2026-01-01T00:00:00Z","level":"Information","message":"journal '$i'"}'
            echo "out $i"; echo "err $i" >&2
            if [ $i = 150 ]; then while [ ! -e "$GO" ]; do sleep 0.02; done; fi
        done
        say '{"k":"flow-ended","n":'$n',"t":"2026-01-01T00:00:00Z","attempt":1,"type":"Completed"}'
        """;

    readonly TemporaryHome _home = new();
    readonly InProcessBus _bus = new(requestTimeout: TimeSpan.FromSeconds(1));
    RecordingStore _store = null!;
    BridgeServer _server = null!;

    string Go => _home.In("go");

    public async ValueTask InitializeAsync()
    {
        _store = new RecordingStore(_bus);
        _server = await BridgeServer.Start(_bus);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_run()
    {
        StoredRun run;
        await using (var first = await AgentProcess.Start(_server.Url, _home.Path, "default"))
        {
            run = await Submit(Flow);
            await _store.Until(() => run.Events.Count == Tasks / 2);
            await first.Kill();
        }

        await Open(Go);
        await using var second = await AgentProcess.Start(_server.Url, _home.Path, "default");
        Assert.Equal(RunReport.Completed, (await _store.End(run)).Report);
        AssertWhole(run);
    }

    [Fact]
    public async Task Killed_again_and_again()
    {
        var run = (StoredRun?)null;
        for (var count = 0; run?.Events.Count is null or < Tasks / 2;)
        {
            await using var agent = await AgentProcess.Start(_server.Url, _home.Path, "default");
            run ??= await Submit(Flow);
            var before = count;
            await _store.Until(() => (count = run.Events.Count) > before || count >= Tasks / 2);
            await agent.Kill();
        }

        await Open(Go);
        await using var last = await AgentProcess.Start(_server.Url, _home.Path, "default");
        Assert.Equal(RunReport.Completed, (await _store.End(run)).Report);
        AssertWhole(run);
    }

    [Fact]
    public async Task The_run_ends_while_the_agent_is_away()
    {
        var run = (StoredRun?)null;
        await using (var first = await AgentProcess.Start(_server.Url, _home.Path, "default"))
        {
            run = await Submit(Flow);
            await _store.Until(() => run.Events.Count == Tasks / 2);
            await first.Kill();
        }

        await Open(Go);
        await FileSignal.Appeared(new RunDirectory(Path.Combine(_home.Path, "runs", run.Run.RunId.ToString())).ExitStatus(1), TestContext.Current.CancellationToken);
        await using var second = await AgentProcess.Start(_server.Url, _home.Path, "default");
        Assert.Equal(RunReport.Completed, (await _store.End(run)).Report);
        AssertWhole(run);
    }

    [Fact]
    public async Task More_is_printed_while_the_agent_is_away_than_a_pipe_holds()
    {
        const int lines = 40_000;
        var run = (StoredRun?)null;
        await using (var first = await AgentProcess.Start(_server.Url, _home.Path, "default"))
        {
            run = await Submit($"echo first; while [ ! -e \"$GO\" ]; do sleep 0.02; done; seq {lines}; seq {lines} >&2");
            await _store.Until(() => run.Lines.Count == 1);
            await first.Kill();
        }

        await Open(Go);
        // The program has ended: nobody kept it from printing all that it had to say.
        await FileSignal.Appeared(new RunDirectory(Path.Combine(_home.Path, "runs", run.Run.RunId.ToString())).ExitStatus(1), TestContext.Current.CancellationToken);
        await using var second = await AgentProcess.Start(_server.Url, _home.Path, "default");
        Assert.Equal(RunReport.Completed, (await _store.End(run)).Report);
        var numbers = Enumerable.Range(1, lines).Select(n => $"{n}");
        Assert.Equal(["first", .. numbers], run.Texts("stdout"));
        Assert.Equal(numbers, run.Texts("stderr"));
    }

    [Fact]
    public async Task A_run_of_a_private_agent_that_died_is_finished_by_the_next_one()
    {
        var options = new AgentOptions { Name = PrivateQueue.Prefix + "1", Home = _home.Path, Queues = ["embedded-1"], Private = true, AdoptsOrphans = true };
        var first = await FlowAgent.StartAsync(options, _bus, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken);
        var run = await Submit(Flow, "embedded-1");
        await _store.Until(() => run.Events.Count == Tasks / 2);
        // What a killed process leaves: its records, and a lock that is free.
        await first.StopAsync();
        await Open(Go);
        await using var next = await FlowAgent.StartAsync(options with { Name = PrivateQueue.Prefix + "2", Queues = ["embedded-2"] }, _bus, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.Equal(RunReport.Completed, (await _store.End(run)).Report);
        AssertWhole(run);
        await next.DrainAsync();
        Assert.False(Directory.Exists(Path.Combine(_home.Path, "agents", PrivateQueue.Prefix + "1")));
    }

    [Fact]
    public async Task A_run_that_was_submitted_for_a_private_agent_that_died_is_cancelled()
    {
        var cancelled = new TaskCompletionSource<CancelRun>();
        await using var handler = _bus.Handle<CancelRun, CommandAnswered>((cancel, _) =>
        {
            cancelled.TrySetResult(cancel);
            return ValueTask.FromResult(new CommandAnswered(CommandOutcome.Accepted));
        });
        var run = Guid.CreateVersion7();
        var dead = Path.Combine(_home.Path, "agents", PrivateQueue.Prefix + "1");
        Directory.CreateDirectory(Path.Combine(dead, "submitted"));
        await Open(Path.Combine(dead, "submitted", run.ToString()));
        var options = new AgentOptions { Name = PrivateQueue.Prefix + "2", Home = _home.Path, Queues = [], Slots = 0, Private = true, AdoptsOrphans = true };
        await using var next = await FlowAgent.StartAsync(options, _bus, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.Equal(run, (await cancelled.Task.WaitAsync(_store.Patience, TestContext.Current.CancellationToken)).RunId);
        Assert.False(Directory.Exists(dead));
        Assert.Empty(_store.Capacity);
    }

    [Fact]
    public async Task A_run_whose_process_never_began_is_given_back()
    {
        StoredRun run;
        var options = new AgentOptions { Name = "sample", Home = _home.Path, Queues = ["default"] };
        await using (await FlowAgent.StartAsync(options, _bus, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken))
        {
            run = await Submit("echo up; sleep 1000");
            await _store.Until(() => run.Reports.Count == 1 && run.Lines.Count == 1);
        }

        // As if the agent had been killed between its record and the launch.
        var directory = new RunDirectory(Path.Combine(_home.Path, "runs", run.Run.RunId.ToString()));
        var supervisor = ProcessIdentity.Parse(await File.ReadAllTextAsync(directory.Process(1), TestContext.Current.CancellationToken))!.Value;
        KillAll(supervisor);
        File.Delete(directory.Process(1));
        run.Reports.Clear();
        await using var again = await FlowAgent.StartAsync(options, _bus, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.Equal(RunReport.GivenBack, (await _store.End(run)).Report);
    }

    [Fact]
    public async Task After_a_restart_of_the_machine_its_processes_are_taken_for_gone()
    {
        StoredRun run;
        var options = new AgentOptions { Name = "sample", Home = _home.Path, Queues = ["default"] };
        await using (await FlowAgent.StartAsync(options, _bus, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken))
        {
            run = await Submit("echo up; sleep 1000");
            await _store.Until(() => run.Reports.Count == 1 && run.Lines.Count == 1);
        }

        var directory = new RunDirectory(Path.Combine(_home.Path, "runs", run.Run.RunId.ToString()));
        var supervisor = ProcessIdentity.Parse(await File.ReadAllTextAsync(directory.Process(1), TestContext.Current.CancellationToken))!.Value;
        var record = Directory.GetFiles(Path.Combine(_home.Path, "agents", "sample", "runs")).Single();
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken)).Replace(State.HeldRunRecord.ThisBoot, "another boot", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        KillAll(supervisor);
        await using var again = await FlowAgent.StartAsync(options, _bus, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken);
        var end = await _store.End(run);
        Assert.Equal((RunReport.Crashed, "the process is gone and left no exit status"), (end.Report, end.Message));
    }

    // The supervisor first, whose id may be higher than its children's: it would note how they ended.
    static void KillAll(ProcessIdentity supervisor)
    {
        foreach (var process in new RunProcesses(supervisor, null).Session().Select(RunProcesses.Identity).Prepend(supervisor))
            Signals.Send(process, Signals.Kill);
    }

    Task<StoredRun> Submit(string script, string queue = "default")
    {
        var run = RecordingStore.Run(_home.Program(script), queue: queue);
        return _store.Submit(run with { Program = run.Program with { Environment = new Dictionary<string, string> { ["GO"] = Go } } });
    }

    static void AssertWhole(StoredRun run)
    {
        Assert.Equal(Enumerable.Range(1, Tasks).Select(i => new Guid($"0194f3a0-0000-7000-8000-{i:D12}")), run.Events.Select(e => e.Subject!.Value));
        Assert.Equal(Enumerable.Range(1, Tasks).Select(i => $"journal {i}"), run.Texts("flow"));
        Assert.Equal(Enumerable.Range(1, Tasks).Select(i => $"out {i}"), run.Texts("stdout"));
        Assert.Equal(Enumerable.Range(1, Tasks).Select(i => $"err {i}"), run.Texts("stderr"));
        Assert.Equal([RunReport.Started, RunReport.Completed], run.Reports.Select(r => r.Report).Distinct());
    }

    static Task Open(string path) => File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);
}
