namespace Holoflow.Cli.Tests.Processes;

/// <summary>A server and an agent, started by the command on a home of their own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    readonly TemporaryFolder _home = new();
    HoloflowProcess? _server;
    HoloflowProcess? _agent;

    internal TemporaryFolder Folder => _home;

    public string Home => _home.Path;

    public async ValueTask InitializeAsync()
    {
        _server = HoloflowProcess.Start(Home, ["server", "start", "--port", "0"]);
        await _server.Shows("Ctrl-C stops it");
        _agent = HoloflowProcess.Start(Home, ["agent", "start", "-q", "default", "-q", "other", "--name", "tester", "--limit", "4"]);
        await _agent.Shows("takes runs from default, other");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _agent, _server })
            if (process is not null)
            {
                process.Terminate();
                _ = await process.Outcome();
                await process.DisposeAsync();
            }
        _home.Dispose();
    }
}
