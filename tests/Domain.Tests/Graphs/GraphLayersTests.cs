using FsCheck;
using FsCheck.Fluent;
using Holoflow.Domain.Graphs;

namespace Holoflow.Domain.Tests.Graphs;

public sealed class GraphLayersTests
{
    [Fact]
    public void ADiamondWithALongArm()
    {
        var layers = GraphLayers.Compute(["end", "long2", "start", "short", "long1"],
            [("start", "short"), ("start", "long1"), ("long1", "long2"), ("short", "end"), ("long2", "end"), ("start", "end")]);
        Assert.Equal([["start"], ["short", "long1"], ["long2"], ["end"]], layers.Layers);
        Assert.Equal(3, layers.LayerOf["end"]);
    }

    [Fact]
    public void NoNodesHaveNoLayers() => Assert.Empty(GraphLayers.Compute<string>([], []).Layers);

    [Fact]
    public void EdgesGivenTwiceCountOnce() =>
        Assert.Equal(2, GraphLayers.Compute(["a", "b"], [("a", "b"), ("a", "b")]).Layers.Count);

    [Fact]
    public void AllMistakesAreNamedTogether()
    {
        var wrong = Assert.Throws<InvalidGraphException>(() => GraphLayers.Compute(
            ["a", "b", "c", "d", "e", "f", "a"],
            [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("e", "e"), ("f", "ghost"), ("phantom", "f")]));
        Assert.Equal(
            [
                "node 'a' is given twice",
                "the edge 'f' -> 'ghost' leads to a node that is not in the graph: 'ghost'",
                "the edge 'phantom' -> 'f' starts at a node that is not in the graph: 'phantom'",
                "there is a cycle: 'b' -> 'c' -> 'b'",
                "there is a cycle: 'e' -> 'e'",
            ], wrong.Mistakes);
    }

    [Fact]
    public void ACycleIsNamedWithoutWhatLeadsToItOrFromIt()
    {
        var wrong = Assert.Throws<InvalidGraphException>(() => GraphLayers.Compute(
            ["before", "x", "y", "z", "after"], [("before", "x"), ("x", "y"), ("y", "z"), ("z", "x"), ("z", "after")]));
        Assert.Equal("there is a cycle: 'x' -> 'y' -> 'z' -> 'x'", wrong.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AChainOfTenThousandIsLayeredAndItsCycleFound(bool closed)
    {
        const int Count = 10_000;
        var edges = Enumerable.Range(0, Count - 1).Select(i => (i, i + 1)).ToList();
        if (!closed)
        {
            Assert.Equal(Count, GraphLayers.Compute(Enumerable.Range(0, Count), edges).Layers.Count);
            return;
        }

        edges.Add((Count - 1, 0));
        var mistake = Assert.Single(Assert.Throws<InvalidGraphException>(() => GraphLayers.Compute(Enumerable.Range(0, Count), edges)).Mistakes);
        Assert.EndsWith("-> '9999' -> '0'", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryNodeLiesOneBehindItsLatestPredecessor() => Check.QuickThrowOnFailure(Prop.ForAll(Graphs().ToArbitrary(), graph =>
    {
        // Edges from lower to higher numbers only: never a cycle.
        var edges = graph.Edges.Where(e => e.From != e.To).Select(e => (Math.Min(e.From, e.To), Math.Max(e.From, e.To))).ToArray();
        var layers = GraphLayers.Compute(Enumerable.Range(0, graph.Count).Reverse(), edges);
        return Enumerable.Range(0, graph.Count).All(node =>
            layers.LayerOf[node] == edges.Where(e => e.Item2 == node).Select(e => layers.LayerOf[e.Item1] + 1).DefaultIfEmpty(0).Max()
            && layers.Layers[layers.LayerOf[node]].Contains(node))
            && layers.Layers.Sum(layer => layer.Count) == graph.Count;
    }));

    [Fact]
    public void ACycleIsToldIfAndOnlyIfThereIsOneAndEveryNamedEdgeExists() => Check.QuickThrowOnFailure(Prop.ForAll(Graphs().ToArbitrary(), graph =>
    {
        var reach = Reachable(graph);
        var nodesOnCycles = Enumerable.Range(0, graph.Count).Where(node => reach[node, node]).ToHashSet();
        string[] mistakes = [];
        try
        {
            GraphLayers.Compute(Enumerable.Range(0, graph.Count), graph.Edges);
        }
        catch (InvalidGraphException e)
        {
            mistakes = [.. e.Mistakes];
        }

        var cycles = mistakes.Select(m => m["there is a cycle: ".Length..].Split(" -> ").Select(n => int.Parse(n.Trim('\''))).ToArray()).ToArray();
        var knots = nodesOnCycles.Select(node => nodesOnCycles.Where(other => reach[node, other] && reach[other, node]).Min()).Distinct().Count();
        return cycles.Length == knots
            && cycles.All(cycle => cycle[0] == cycle[^1] && cycle.Zip(cycle.Skip(1)).All(edge => graph.Edges.Contains(edge)));
    }));

    static Gen<(int Count, (int From, int To)[] Edges)> Graphs() =>
        from count in Gen.Choose(1, 14)
        from edges in (from a in Gen.Choose(0, count - 1) from b in Gen.Choose(0, count - 1) select (a, b)).ArrayOf()
        select (count, edges.Take(count * 2).ToArray());

    static bool[,] Reachable((int Count, (int From, int To)[] Edges) graph)
    {
        var reach = new bool[graph.Count, graph.Count];
        foreach (var (from, to) in graph.Edges)
            reach[from, to] = true;
        for (var via = 0; via < graph.Count; via++)
        for (var from = 0; from < graph.Count; from++)
        for (var to = 0; to < graph.Count; to++)
            reach[from, to] |= reach[from, via] && reach[via, to];
        return reach;
    }
}
