using Holoflow.Contracts;
using Holoflow.Messaging.InProcess;
using Holoflow.RunProtocol;
using Holoflow.Servers;

namespace Holoflow.Agent.Tests.Bench;

/// <summary>An agent with real processes, before a store that records.</summary>
sealed class AgentBench : IAsyncDisposable
{
    AgentBench()
    {
        Bus = new InProcessBus(requestTimeout: TimeSpan.FromMilliseconds(500));
        Store = new RecordingStore(Bus);
        Options = new AgentOptions { Name = "tester", Home = Home.Path, Queues = ["default"], AnnounceEvery = TimeSpan.FromMilliseconds(200) };
    }

    public TemporaryHome Home { get; } = new();

    public InProcessBus Bus { get; }

    public RecordingStore Store { get; }

    public AgentOptions Options { get; set; }

    public FlowAgent Agent { get; private set; } = null!;

    public static async Task<AgentBench> Start(Func<AgentOptions, AgentOptions>? with = null)
    {
        var bench = new AgentBench();
        bench.Options = with?.Invoke(bench.Options) ?? bench.Options;
        await bench.StartAgent();
        return bench;
    }

    /// <summary>An agent whose runs are jobs of a real Slurm.</summary>
    /// <param name="cluster">The Slurm.</param>
    /// <param name="with">How the agent is otherwise.</param>
    /// <param name="profile">Lines of the cluster profile that are added, or take the place of others.</param>
    public static async Task<AgentBench> Start(SlurmCluster cluster, Func<AgentOptions, AgentOptions>? with = null, params string[] profile)
    {
        var bench = new AgentBench { Cluster = JobProfile.Name };
        bench.Store.Patience = JobProfile.Patience;
        JobProfile.Write(bench.Home.Path, profile);
        bench.Options = bench.Options with { SlurmCommands = JobProfile.Commands(cluster), SlurmIntervals = JobProfile.Intervals };
        bench.Options = with?.Invoke(bench.Options) ?? bench.Options;
        await bench.StartAgent();
        return bench;
    }

    /// <summary>The cluster profile that runs are jobs of; null: they are processes.</summary>
    public string? Cluster { get; private init; }

    public async Task StartAgent() =>
        Agent = await FlowAgent.StartAsync(Options, Bus, TimeProvider.System, TestLog.Instance, TestContext.Current.CancellationToken);

    /// <summary>Runs a shell script as a flow program to its end.</summary>
    public async Task<(StoredRun Run, ReportRun End)> Run(string script, Func<GrantedRun, GrantedRun>? with = null)
    {
        var run = await Submit(script, with);
        return (run, await Store.End(run));
    }

    public Task<StoredRun> Submit(string script, Func<GrantedRun, GrantedRun>? with = null)
    {
        var run = RecordingStore.Run(Home.Program(script, $"flow-{Guid.CreateVersion7():N}.sh"));
        run = run with { Program = run.Program with { Cluster = Cluster } };
        return Store.Submit(with?.Invoke(run) ?? run);
    }

    public RunDirectory Directory(StoredRun run) => new(System.IO.Path.Combine(Home.Path, "runs", run.Run.RunId.ToString()));

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Store.DisposeAsync();
        Home.Dispose();
    }
}
