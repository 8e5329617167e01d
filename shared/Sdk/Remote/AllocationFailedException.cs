namespace Holoflow.Sdk;

/// <summary>What a task ran in ended under it: its allocation on a cluster, or its worker process there.</summary>
public sealed class AllocationFailedException : Exception
{
    internal AllocationFailedException(string reason, string message, bool isOwnFault)
        : base(message)
    {
        Reason = reason;
        IsOwnFault = isOwnFault;
    }

    /// <summary>What happened, in one word, which is the name of the task run's state too: TimeLimit, OutOfMemory, NodeFailed, Preempted, WorkerDied and so on.</summary>
    public string Reason { get; }

    /// <summary>True where the task itself used more than it had asked for: it is Failed, else Crashed.</summary>
    public bool IsOwnFault { get; }
}

/// <summary>An exception that was thrown by a task in another process, whose type cannot be made again here.</summary>
public sealed class RemoteTaskException(string typeName, string message) : Exception(message)
{
    /// <summary>The type of the exception.</summary>
    public string TypeName { get; } = typeName;
}
