using Holoflow.Servers;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>What a real flow is run by is killed by SIGKILL: the run completes, every task once, every log line once.</summary>
public sealed class KilledProcessTests : IDisposable
{
    const int Tasks = 1200;
    const int Lines = 6;
    const int Kills = 5;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Home => _folder.Path;

    string Done => _folder.In("done");

    string Release => _folder.In("release");

    [Fact]
    public async Task The_agent_dies_again_and_again_and_every_task_and_line_is_there_once()
    {
        await using var server = await StartServer();
        await using var agent = new MortalAgent(Home);
        await agent.Start();
        await Deploy();
        await using var watch = HoloflowProcess.Start(Home, ["deployment", "run", "counted-at-once/killed", "--watch", .. Parameters()]);

        foreach (var moment in Moments())
        {
            await Executions(moment);
            await agent.Kill();
            await agent.Start();
        }

        await File.WriteAllTextAsync(Release, "", TestContext.Current.CancellationToken);
        var outcome = await watch.Outcome();
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        await AssertWhole();
    }

    [Fact]
    public async Task The_server_dies_and_comes_back_and_its_agent_goes_on_and_takes_the_next_run()
    {
        var port = FreePort.Next();
        await using var agent = new MortalAgent(Home);
        string run;
        await using (var server = await StartServer(port))
        {
            await agent.Start();
            await Deploy();
            run = (await Does(["deployment", "run", "counted-at-once/killed", .. Parameters()])).Split(' ')[^1].Trim();
            await Executions(Moments().First());
            await server.KillAlone();
        }

        await using var again = await StartServer(port);
        await File.WriteAllTextAsync(Release, "", TestContext.Current.CancellationToken);
        await Does("flow-run", "logs", run, "--follow");
        await AssertWhole();
        Assert.Contains("Completed after", await Does("deployment", "run", "counted-at-once/killed", "--watch", "-p", $"directory={Done}", "-p", "tasks=2"), StringComparison.Ordinal);
    }

    async Task AssertWhole()
    {
        Assert.Equal(Enumerable.Range(1, Tasks).Select(n => $"{n}").Order(), Directory.GetFiles(Done).Select(f => Path.GetFileName(f).Split('.')[0]).Order());
        var run = Assert.Single(await JsonOutput.Rows(Home, "flow-run", "ls"));
        Assert.Equal(("Completed", "1"), (run.At("state", "type"), run.At("runCount")));
        var tasks = await JsonOutput.Rows(Home, "task-run", "ls", "--limit", "10000");
        Assert.Equal(Tasks + 1, tasks.Count);
        Assert.All(tasks, t => Assert.Equal(("Completed", "1"), (t.At("state", "type"), t.At("runCount"))));
        var texts = (await JsonOutput.Rows(Home, "flow-run", "logs", run.At("id")!)).Select(l => l.At("text")!).ToList();
        Assert.Equal(Expected("task {0} line {1}", 1), texts.Where(t => t.StartsWith("task ", StringComparison.Ordinal)).Order());
        Assert.Equal(Expected("printed {0} {1}", 2), texts.Where(t => t.StartsWith("printed ", StringComparison.Ordinal)).Order());
    }

    static IEnumerable<string> Expected(string form, int step) =>
        Enumerable.Range(1, Tasks).SelectMany(n => Enumerable.Range(1, Lines / step).Select(l => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, n, l * step))).Order();

    static List<int> Moments()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"moments of seed {seed}");
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Kills).Select(_ => random.Next(1, Tasks)).Order()];
    }

    async Task Deploy()
    {
        Directory.CreateDirectory(Done);
        await Does("deployment", "build", HoloflowProcess.Sample("CountedAtOnce"), "--name", "killed", "-o", _folder.In("killed.yaml"), "--apply");
    }

    string[] Parameters() => ["-p", $"directory={Done}", "-p", $"tasks={Tasks}", "-p", $"lines={Lines}", "-p", $"release={Release}"];

    async Task<string> Does(params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(Home, arguments);
        Assert.True(outcome.ExitCode == 0, $"holoflow {string.Join(' ', arguments)} ended with {outcome.ExitCode}: {outcome.Errors}{outcome.Output}");
        return outcome.Output;
    }

    async Task<HoloflowProcess> StartServer(int port = 0)
    {
        var server = HoloflowProcess.Start(Home, ["server", "start", "--port", $"{port}"]);
        await server.Shows("Ctrl-C stops it");
        return server;
    }

    Task Executions(int count) =>
        FileSignal.Until(Done, () => Directory.EnumerateFiles(Done).Count() >= count, $"{count} tasks were begun", TestContext.Current.CancellationToken);

    sealed class MortalAgent(string home) : IAsyncDisposable
    {
        HoloflowProcess? _process;

        public async Task Start()
        {
            _process = HoloflowProcess.Start(home, ["agent", "start", "-q", "default", "--name", "mortal"]);
            await _process.Shows("takes runs from default");
        }

        public async Task Kill()
        {
            await _process!.KillAlone();
            await _process.DisposeAsync();
        }

        public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
