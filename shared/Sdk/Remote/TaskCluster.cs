namespace Holoflow.Sdk;

/// <summary>A kind of cluster that a program's tasks can be executed on; it is handed to <see cref="FlowProgram.RunAsync(string[], TaskCluster)"/>.</summary>
public abstract class TaskCluster
{
    private protected TaskCluster()
    {
    }

    /// <summary>Opens the cluster for one attempt of a run.</summary>
    /// <param name="session">The attempt.</param>
    /// <param name="profile">The profile that was named for it.</param>
    /// <param name="log">The run's log.</param>
    /// <exception cref="ClusterProfileException">The profile cannot be used; the message says why.</exception>
    internal abstract Task<IRemoteTasks> Open(RunSession session, string profile, RunLogger log);
}

/// <summary>A cluster profile cannot be used.</summary>
public sealed class ClusterProfileException(string message, Exception? inner = null) : Exception(message, inner);
