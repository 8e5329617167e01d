namespace Holoflow.Sdk;

/// <summary>How a task is executed where its flow runs with a cluster; without one, every task is executed in the flow process.</summary>
public sealed record ClusterUse
{
    ClusterUse(ClusterUseKind kind, int pack = 1, int? throttle = null)
    {
        Kind = kind;
        Pack = pack;
        Throttle = throttle;
    }

    /// <summary>In allocations that many tasks share: for many tasks, short ones, and those that come one after another. The default.</summary>
    public static ClusterUse Pool { get; } = new(ClusterUseKind.Pool);

    /// <summary>In the flow process: for what takes no time, or needs what only that process has.</summary>
    public static ClusterUse FlowProcess { get; } = new(ClusterUseKind.FlowProcess);

    internal ClusterUseKind Kind { get; }

    internal int Pack { get; }

    internal int? Throttle { get; }

    /// <summary>A mapped call becomes one job array: for tasks of minutes and more, each with an allocation of its own.</summary>
    /// <param name="pack">How many tasks one job of the array executes, one after another.</param>
    /// <param name="throttle">How many jobs of the array run at a time; null: as many as the cluster lets.</param>
    public static ClusterUse Array(int pack = 1, int? throttle = null) => new(ClusterUseKind.Array, pack, throttle);

    internal IEnumerable<string> Mistakes()
    {
        if (Pack < 1)
            yield return $"packs {Pack} tasks into a job; 1 or more would be right";
        if (Throttle < 1)
            yield return $"lets {Throttle} jobs of an array run at a time; 1 or more would be right";
    }
}

enum ClusterUseKind
{
    Pool,
    Array,
    FlowProcess,
}
