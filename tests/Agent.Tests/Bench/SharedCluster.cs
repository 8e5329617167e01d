using Holoflow.Agent.Tests.Bench;
using Holoflow.Servers;

[assembly: AssemblyFixture(typeof(SharedCluster))]

namespace Holoflow.Agent.Tests.Bench;

/// <summary>One cluster for all tests that break nothing, started for the first that wants it.</summary>
public sealed class SharedCluster : IAsyncDisposable
{
    readonly SemaphoreSlim _one = new(1);
    SlurmCluster? _cluster;

    public async Task<SlurmCluster> Cluster()
    {
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _cluster ??= await SlurmCluster.Start();
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _one.Dispose();
    }
}
