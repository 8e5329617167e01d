using Holoflow.Servers;
using Holoflow.Slurm.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedCluster))]

namespace Holoflow.Slurm.Tests.Support;

/// <summary>One cluster for all tests that break nothing.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    SlurmCluster? _cluster;

    public SlurmCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await SlurmCluster.Start();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
