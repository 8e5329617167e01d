namespace Holoflow.Domain.Graphs;

/// <summary>Finds cycles: one for each knot of nodes that can all reach each other (strongly connected component).</summary>
static class GraphCycles
{
    /// <param name="successors">Each node's successors.</param>
    /// <param name="isSuspect">Only these nodes are looked at.</param>
    /// <returns>The nodes of each cycle in the order of its edges, starting at the knot's first node.</returns>
    public static IEnumerable<IReadOnlyList<int>> Find(IReadOnlyList<IReadOnlyList<int>> successors, Func<int, bool> isSuspect)
    {
        var knotOf = Knots(successors, isSuspect);
        var told = new HashSet<int>();
        for (var node = 0; node < successors.Count; node++)
        {
            if (isSuspect(node) && !told.Contains(knotOf[node]) && CycleThrough(node, successors, knotOf) is { } cycle)
            {
                told.Add(knotOf[node]);
                yield return cycle;
            }
        }
    }

    /// <summary>The shortest way from a node back to itself inside its knot; null where it stands alone.</summary>
    static List<int>? CycleThrough(int start, IReadOnlyList<IReadOnlyList<int>> successors, int[] knotOf)
    {
        var cameFrom = new Dictionary<int, int>();
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var next in successors[node])
            {
                if (next == start)
                    return WayFrom(start, node, cameFrom);
                if (knotOf[next] == knotOf[start] && cameFrom.TryAdd(next, node))
                    queue.Enqueue(next);
            }
        }

        return null;
    }

    static List<int> WayFrom(int start, int end, Dictionary<int, int> cameFrom)
    {
        var way = new List<int>();
        for (var node = end; node != start; node = cameFrom[node])
            way.Add(node);
        way.Add(start);
        way.Reverse();
        return way;
    }

    /// <summary>Tarjan's algorithm with a stack of its own: a chain of 10,000 nodes must not use up the thread's.</summary>
    static int[] Knots(IReadOnlyList<IReadOnlyList<int>> successors, Func<int, bool> isSuspect)
    {
        var count = successors.Count;
        var (order, low, knotOf, nextEdge) = (new int[count], new int[count], new int[count], new int[count]);
        Array.Fill(knotOf, -1);
        var (open, path, visited, knots) = (new Stack<int>(), new Stack<int>(), 0, 0);
        for (var root = 0; root < count; root++)
        {
            if (!isSuspect(root) || order[root] != 0)
                continue;
            Visit(root);
            while (path.TryPeek(out var node))
            {
                if (nextEdge[node] < successors[node].Count)
                {
                    var next = successors[node][nextEdge[node]++];
                    if (order[next] == 0)
                        Visit(next);
                    else if (knotOf[next] < 0)
                        low[node] = Math.Min(low[node], order[next]);
                    continue;
                }

                Leave(node);
            }
        }

        return knotOf;

        void Visit(int node)
        {
            order[node] = low[node] = ++visited;
            path.Push(node);
            open.Push(node);
        }

        void Leave(int node)
        {
            path.Pop();
            if (path.TryPeek(out var parent))
                low[parent] = Math.Min(low[parent], low[node]);
            if (low[node] != order[node])
                return;
            int member;
            do
            {
                member = open.Pop();
                knotOf[member] = knots;
            }
            while (member != node);
            knots++;
        }
    }
}
