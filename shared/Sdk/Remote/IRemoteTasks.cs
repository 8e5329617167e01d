namespace Holoflow.Sdk;

/// <summary>Executes tasks outside the flow process.</summary>
interface IRemoteTasks
{
    /// <summary>Executes a task once.</summary>
    /// <param name="task">What is executed.</param>
    /// <param name="watch">Told how it goes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its result as JSON.</returns>
    /// <exception cref="AllocationFailedException">What it ran in ended under it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and runs no more.</exception>
    Task<ReadOnlyMemory<byte>> Execute(RemoteTask task, IRemoteWatch watch, CancellationToken cancellation);

    /// <summary>Gives back all that was taken of the cluster; nothing of the run is left there when this completes, or the log says what is.</summary>
    Task Close();
}

/// <summary>Who wants to know how a task far away goes.</summary>
interface IRemoteWatch
{
    /// <summary>It waits, and why.</summary>
    void Waits(string message);

    /// <summary>It has started; again, where what it ran in was lost and it was started anew.</summary>
    void Started();
}

/// <summary>One execution of a task, as it is sent to where it is executed.</summary>
/// <param name="Task">Which task run it is.</param>
/// <param name="Identity">The hash of its name and inputs.</param>
/// <param name="Execution">Which execution within this attempt of the run, from 1.</param>
/// <param name="Resources">What it needs.</param>
/// <param name="Use">How the cluster is used for it.</param>
/// <param name="Timeout">Its time; null: none.</param>
/// <param name="Inputs">Its inputs: a JSON array.</param>
sealed record RemoteTask(TaskIdentity Task, string Identity, int Execution, TaskResources Resources, ClusterUse Use, TimeSpan? Timeout, ReadOnlyMemory<byte> Inputs);
