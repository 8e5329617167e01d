namespace Holoflow.ApiModel.FlowRuns;

/// <summary>The task graph of a run.</summary>
/// <param name="Detail">What a node is.</param>
/// <param name="Nodes">The nodes, in order of first submission.</param>
/// <param name="Edges">The edges between them.</param>
/// <param name="Truncated">True: there are more nodes than are shown.</param>
public sealed record RunGraph(GraphDetail Detail, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, bool Truncated);

/// <summary>What a node of the graph is.</summary>
public enum GraphDetail
{
    /// <summary>All task runs of one task name.</summary>
    Tasks,

    /// <summary>One task run.</summary>
    TaskRuns,
}

/// <param name="Id">The task's name, or the task run's id.</param>
/// <param name="Label">For people.</param>
/// <param name="TaskName">The task.</param>
/// <param name="States">How many task runs are in each state type.</param>
public sealed record GraphNode(string Id, string Label, string TaskName, IReadOnlyDictionary<string, int> States);

/// <param name="From">The node whose result is used or waited for.</param>
/// <param name="To">The node that uses it.</param>
/// <param name="Count">How many edges between task runs it stands for.</param>
public sealed record GraphEdge(string From, string To, int Count);
