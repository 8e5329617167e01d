using System.Runtime.CompilerServices;
using Holoflow.Client;
using Holoflow.Standalone;

[assembly: AssemblyFixture(typeof(Holoflow.Dashboard.Tests.Fixture.PlayedServer))]

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>A server whose clock stands, with a few days of an observatory in it.</summary>
public sealed class PlayedServer : IAsyncLifetime
{
    readonly string _home = Directory.CreateTempSubdirectory("holoflow-dashboard-").FullName;
    Standalone.Standalone? _server;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    internal Observatory Observatory { get; private set; } = null!;

    internal Standalone.Standalone Server => _server!;

    public async ValueTask InitializeAsync()
    {
        var time = new SettableTime(Observatory.Now);
        _server = await Standalone.Standalone.StartAsync(
            StandaloneOptions.ForOneCommand(_home) with { Time = time, DashboardDirectory = DashboardFiles.Directory }, TestContext.Current.CancellationToken);
        Address = (await _server.ApiStarted)!;
        Observatory = new Observatory(_server.Bus, time, _home);
        await Observatory.Play();
        // What agents tell of themselves is stored with whatever is written next: pages that are looked at before that would have none.
        using var client = new HoloflowClient(Address);
        while ((await client.Agents.List(TestContext.Current.CancellationToken)).Count < Observatory.Agents)
            await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }
}

/// <summary>Where this repository's build lays the dashboard.</summary>
static class DashboardFiles
{
    public static string Directory { get; } = Path.GetFullPath(Path.Combine(Here(), "../../../services/Dashboard/dist"));

    public static string AxeScript { get; } = Path.GetFullPath(Path.Combine(Here(), "../../../services/Dashboard/node_modules/axe-core/axe.min.js"));

    static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
