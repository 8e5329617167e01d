namespace Holoflow.Domain.Graphs;

/// <summary>A graph with its nodes numbered in the order in which they were given.</summary>
sealed class IndexedGraph<TNode>
    where TNode : notnull
{
    IndexedGraph(List<TNode> nodes, List<int>[] successors) => (Nodes, Successors) = (nodes, successors);

    public IReadOnlyList<TNode> Nodes { get; }

    public IReadOnlyList<IReadOnlyList<int>> Successors { get; }

    /// <summary>Numbers the nodes; whatever does not fit is left out and told in <paramref name="mistakes"/>.</summary>
    public static IndexedGraph<TNode> Read(IEnumerable<TNode> nodes, IEnumerable<(TNode From, TNode To)> edges, out List<string> mistakes)
    {
        mistakes = [];
        var (names, numbers) = (new List<TNode>(), new Dictionary<TNode, int>());
        foreach (var node in nodes)
        {
            if (numbers.TryAdd(node, names.Count))
                names.Add(node);
            else
                mistakes.Add($"node '{node}' is given twice");
        }

        var successors = new List<int>[names.Count];
        for (var node = 0; node < successors.Length; node++)
            successors[node] = [];
        foreach (var (from, to) in edges)
        {
            if (!numbers.TryGetValue(from, out var source))
                mistakes.Add($"the edge '{from}' -> '{to}' starts at a node that is not in the graph: '{from}'");
            if (!numbers.TryGetValue(to, out var target))
                mistakes.Add($"the edge '{from}' -> '{to}' leads to a node that is not in the graph: '{to}'");
            else if (numbers.ContainsKey(from))
                successors[source].Add(target);
        }

        return new IndexedGraph<TNode>(names, successors);
    }

    public string NameCycle(IReadOnlyList<int> cycle) =>
        $"there is a cycle: {string.Join(" -> ", cycle.Append(cycle[0]).Select(node => $"'{Nodes[node]}'"))}";
}
