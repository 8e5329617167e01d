using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;
using Holoflow.Standalone;

[assembly: AssemblyFixture(typeof(Holoflow.Dashboard.Tests.Fixture.LiveServer))]

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>A server as people start it, with an agent that launches real flow processes.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    Standalone.Standalone? _server;
    HoloflowClient? _client;

    public string Home { get; } = Directory.CreateTempSubdirectory("holoflow-dashboard-live-").FullName;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    internal HoloflowClient Client => _client!;

    internal Standalone.Standalone Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await Standalone.Standalone.StartAsync(
            StandaloneOptions.Server(Home, port: 0) with { DashboardDirectory = DashboardFiles.Directory, ServeOpenApi = false, AgentQueues = ["default"], AgentName = "live-agent" },
            TestContext.Current.CancellationToken);
        Address = (await _server.ApiStarted)!;
        _client = new HoloflowClient(Address);
    }

    /// <summary>The program of the sample flows.</summary>
    internal static FlowProgram Program(string method) => new() { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = method };

    internal async Task<Guid> Submit(CreateFlowRun run) => (await Client.FlowRuns.Create(run, cancellation: TestContext.Current.CancellationToken)).Id;

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }
}
