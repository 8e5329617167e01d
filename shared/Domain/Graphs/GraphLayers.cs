namespace Holoflow.Domain.Graphs;

/// <summary>A graph that cannot be laid in layers; it carries everything that is wrong, not only the first.</summary>
public sealed class InvalidGraphException : ArgumentException
{
    public InvalidGraphException(IReadOnlyList<string> mistakes)
        : base(string.Join("; ", mistakes)) => Mistakes = mistakes;

    /// <summary>One sentence each: a cycle with its nodes in order, an edge to an unknown node, a node given twice.</summary>
    public IReadOnlyList<string> Mistakes { get; }
}

/// <summary>The layers of a directed acyclic graph.</summary>
/// <param name="Layers">Layer 0 holds the nodes that nothing leads to; within a layer nodes keep the order in which they were given.</param>
/// <param name="LayerOf">Each node's layer.</param>
public sealed record GraphLayers<TNode>(IReadOnlyList<IReadOnlyList<TNode>> Layers, IReadOnlyDictionary<TNode, int> LayerOf)
    where TNode : notnull;

/// <summary>Longest-path layering: every node lies as early as the longest chain before it allows, so each edge leads to a later layer.</summary>
public static class GraphLayers
{
    /// <summary>Time and memory linear in nodes and edges; the same input always gives the same layers. Edges given twice count once.</summary>
    /// <exception cref="InvalidGraphException">There are cycles (each is named), edges to unknown nodes, or nodes given twice.</exception>
    public static GraphLayers<TNode> Compute<TNode>(IEnumerable<TNode> nodes, IEnumerable<(TNode From, TNode To)> edges)
        where TNode : notnull
    {
        var graph = IndexedGraph<TNode>.Read(nodes, edges, out var mistakes);
        var layerOf = LayerEach(graph);
        mistakes.AddRange(GraphCycles.Find(graph.Successors, node => layerOf[node] < 0).Select(graph.NameCycle));
        if (mistakes.Count > 0)
            throw new InvalidGraphException(mistakes);

        var layers = new List<TNode>[layerOf.Length == 0 ? 0 : layerOf.Max() + 1];
        for (var layer = 0; layer < layers.Length; layer++)
            layers[layer] = [];
        var byNode = new Dictionary<TNode, int>(layerOf.Length);
        for (var node = 0; node < layerOf.Length; node++)
        {
            layers[layerOf[node]].Add(graph.Nodes[node]);
            byNode.Add(graph.Nodes[node], layerOf[node]);
        }

        return new GraphLayers<TNode>(layers, byNode);
    }

    /// <summary>Kahn's algorithm; nodes on a cycle, and behind one, keep -1.</summary>
    static int[] LayerEach<TNode>(IndexedGraph<TNode> graph)
        where TNode : notnull
    {
        var count = graph.Nodes.Count;
        var (waitsFor, reached, layerOf) = (new int[count], new int[count], new int[count]);
        Array.Fill(layerOf, -1);
        foreach (var successor in graph.Successors.SelectMany(list => list))
            waitsFor[successor]++;

        var ready = new Queue<int>(Enumerable.Range(0, count).Where(node => waitsFor[node] == 0));
        while (ready.TryDequeue(out var node))
        {
            layerOf[node] = reached[node];
            foreach (var successor in graph.Successors[node])
            {
                reached[successor] = Math.Max(reached[successor], reached[node] + 1);
                if (--waitsFor[successor] == 0)
                    ready.Enqueue(successor);
            }
        }

        return layerOf;
    }
}
