namespace Holoflow.Contracts;

/// <summary>The queue of one <c>holoflow run</c>: its process alone takes runs from it, and when that has ended nobody does.</summary>
public static class PrivateQueue
{
    /// <summary>The start of the names of such queues, and of the agents that serve them.</summary>
    public const string Prefix = "embedded-";

    /// <summary>True where a run in this queue waits for ever unless somebody serves the queue for it.</summary>
    public static bool Is(string queue) => queue.StartsWith(Prefix, StringComparison.Ordinal);
}
