namespace Holoflow.Cli.Tests.Processes;

/// <summary>A deployment whose runs are Slurm jobs, from the shell: server, agent, a real Slurm.</summary>
public sealed class RunOnClusterTests(ClusterFixture slurm) : IClassFixture<ClusterFixture>, IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly TemporaryFolder _home = new();
    HoloflowProcess? _server;
    HoloflowProcess? _agent;

    Dictionary<string, string> Variables => new(StringComparer.Ordinal) { ["SLURM_CONF"] = slurm.Cluster.Configuration };

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_home.In("clusters"));
        await File.WriteAllTextAsync(_home.In("clusters/open.yaml"), "partition: work\nmemory: 500MiB\nwalltime: 10\ncalls_per_minute: 600\n");
        await File.WriteAllTextAsync(_home.In("clusters/shut.yaml"), "partition: closed\nmemory: 500MiB\nwalltime: 10\ncalls_per_minute: 600\n");
        _server = HoloflowProcess.Start(_home.Path, ["server", "start", "--port", "0"]);
        await _server.Shows("Ctrl-C stops it");
        _agent = HoloflowProcess.Start(_home.Path, ["agent", "start", "-q", "default", "--name", "tester"], Variables);
        await _agent.Shows("takes runs from default");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _agent, _server })
        {
            if (process is null)
                continue;
            process.Terminate();
            _ = await process.Outcome();
            await process.DisposeAsync();
        }

        _home.Dispose();
    }

    [Fact]
    public async Task A_run_is_a_job_that_completes_and_is_listed()
    {
        await Apply("open");
        Assert.Contains("cluster profile", await Run("deployment", "inspect", "mapped/open"), StringComparison.Ordinal);
        var id = (await Run("deployment", "run", "mapped/open", "-p", "count=4")).Split(' ')[^1].Trim();
        // The log is followed to the run's end; its job is told of by itself, before or after that.
        Assert.Contains("the sum is 30", await Run("flow-run", "logs", id, "--follow"), StringComparison.Ordinal);
        Assert.Equal("Completed", (await JsonOutput.One(_home.Path, "flow-run", "inspect", id)).At("state", "type"));
        var inspected = await Until("inspect", id, text => text.Contains("Completed (flow-1, open", StringComparison.Ordinal));
        Assert.Contains("Slurm jobs", inspected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_job_waits_tells_Slurm_s_reason_and_is_cancelled_with_it()
    {
        await Apply("shut");
        var id = (await Run("deployment", "run", "mapped/shut")).Split(' ')[^1].Trim();
        var why = await Until("why", id, text => text.Contains("waits since", StringComparison.Ordinal) && text.Contains("the partition is down", StringComparison.Ordinal));
        Assert.Contains("of cluster profile 'shut'", why, StringComparison.Ordinal);
        await Run("flow-run", "cancel", id);
        await Until("inspect", id, text => text.Contains("Cancelled", StringComparison.Ordinal) && text.Contains(" ended ", StringComparison.Ordinal));
        Assert.DoesNotContain("-flow-", await slurm.Cluster.Ask("squeue", "-h", "-p", "closed", "-o", "%j"), StringComparison.Ordinal);
    }

    Task Apply(string profile) => Run("deployment", "build", HoloflowProcess.Sample("Mapped"), "--name", profile, "-i", "slurm", "--cluster", profile, "-o", _home.In($"{profile}.yaml"), "--apply");

    async Task<string> Until(string verb, string id, Func<string, bool> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (true)
        {
            var text = await Run("flow-run", verb, id);
            if (holds(text))
                return text;
            if (!await tick.WaitForNextTickAsync(limit.Token))
                throw new TimeoutException(text);
        }
    }

    async Task<string> Run(params string[] arguments)
    {
        await using var process = HoloflowProcess.Start(_home.Path, arguments, Variables);
        var outcome = await process.Outcome();
        Assert.True(outcome.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {outcome.ExitCode}: {outcome.Output}{outcome.Errors}");
        return outcome.Output;
    }
}
