using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Testing;

namespace Holoflow.Sdk.Tests.Tasks;

/// <summary>A finished task is never executed again within a run, unless its inputs change.</summary>
public class ResumeTests
{
    /// <summary>A graph drawn at random: each task takes up to two earlier ones, and some fail in some attempts.</summary>
    public sealed record Node(int Left, int Right, int FailsUntilAttempt);

    static readonly Gen<List<Node>> Graphs =
        from nodes in Gen.Choose(0, 100).Three().Select(three => new Node(three.Item1, three.Item2, three.Item3 < 70 ? 0 : three.Item3 % 3)).ListOf(12)
        select nodes.ToList();

    [Fact]
    public void EveryTaskOfAnyGraphSucceedsOnceOverAllAttemptsWithOneKeyAndId() =>
        Prop.ForAll(Graphs.ToArbitrary(), Task<bool> (nodes) => SucceedsOnce(nodes)).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    static async Task<bool> SucceedsOnce(List<Node> nodes)
    {
        var attempt = 0;
        var successes = new ConcurrentDictionary<int, int>();
        var node = FlowTask.Define($"node-{Guid.CreateVersion7()}", (int number, long left, long right, TaskContext task) =>
        {
            if (attempt < nodes[number].FailsUntilAttempt)
                throw new InvalidOperationException($"node {number} fails in attempt {attempt}");
            successes.AddOrUpdate(number, 1, (_, count) => count + 1);
            return left + right + number;
        });
        using var test = FlowTest.Of(async _ =>
        {
            var futures = new List<TaskFuture<long>>();
            // The order of submission differs between attempts as far as the graph allows.
            for (var number = 0; number < nodes.Count; number++)
                futures.Add(node.Submit(number, number == 0 ? 1L : futures[nodes[number].Left % number], number == 0 ? 1L : futures[nodes[number].Right % number]));
            long sum = 0;
            foreach (var future in futures)
                sum += await future;
            return sum;
        });
        FlowTestResult<long> run;
        do
        {
            run = await test.Run();
            attempt++;
        }
        while (!run.State.IsCompleted && attempt < 5);
        var created = run.Journal.OfType<TaskCreated>().ToList();
        return run.State.IsCompleted
            && successes.Values.All(count => count == 1)
            && created.Select(task => task.Key).Distinct().Count() == created.Count
            && run.Journal.OfType<TaskChanged>().Count(change => change.Type == "Completed") == nodes.Count
            && run.Journal.Select(entry => entry.Sequence).SequenceEqual(Enumerable.Range(1, run.Journal.Count).Select(n => (long)n));
    }

    [Fact]
    public async Task OrderOfSubmissionDoesNotMatter()
    {
        var executed = new ConcurrentQueue<string>();
        var order = new[] { "a", "b", "c", "a" };
        var note = FlowTask.Define("note-order", (string text, TaskContext task) =>
        {
            executed.Enqueue(text);
            return text + task.TaskKey;
        });
        using var test = FlowTest.Of(async _ => (await note.Map(order)).Order(StringComparer.Ordinal).ToArray());
        var first = await test.Run(TestContext.Current.CancellationToken);
        Array.Reverse(order);
        var second = await test.Run(TestContext.Current.CancellationToken);
        Assert.Equal(first.Result, second.Result);
        Assert.Equal(4, executed.Count);
        Assert.Equal(4, second.TaskRuns.Count);
    }

    [Fact]
    public async Task AChangedInputIsExecutedUnderANewKey()
    {
        var executed = new ConcurrentQueue<int>();
        var input = 1;
        var note = FlowTask.Define("note-input", (int number, TaskContext task) =>
        {
            executed.Enqueue(number);
            return task.TaskKey;
        });
        using var test = FlowTest.Of(async _ => await note.Run(input));
        Assert.Equal("note-input-1", (await test.Run(TestContext.Current.CancellationToken)).Result);
        input = 2;
        Assert.Equal("note-input-2", (await test.Run(TestContext.Current.CancellationToken)).Result);
        input = 1;
        Assert.Equal("note-input-1", (await test.Run(TestContext.Current.CancellationToken)).Result);
        Assert.Equal([1, 2], executed);
    }

    [Fact]
    public async Task LargeResultsAndNestedFlowsAreKeptToo()
    {
        var executed = new ConcurrentQueue<string>();
        var large = FlowTask.Define("large", (int size, TaskContext task) =>
        {
            executed.Enqueue(task.TaskKey);
            return new string('x', size);
        });
        using var test = FlowTest.Of(async flow => await Flow.Run(Nested) + (await large.Run(100_000)).Length + (await large.Run(10)).Length);
        Assert.Equal(100_015, (await test.Run(TestContext.Current.CancellationToken)).Result);
        var again = await test.Run(TestContext.Current.CancellationToken);
        Assert.Equal(100_015, again.Result);
        Assert.Equal(["large-1", "large-2"], executed);
        Assert.Equal(["Running", "Completed"], Assert.Single(again.NestedRuns).States.Select(state => state.Name));
    }

    [Flow]
    static Task<int> Nested(FlowContext flow) => Task.FromResult(5);

    [Fact]
    public async Task ATaskWhoseResultIsNotKeptIsExecutedAgainUnderTheSameKey()
    {
        var keys = new ConcurrentQueue<string>();
        var again = FlowTask.Define("not-kept", (TaskContext task) => keys.Enqueue(task.TaskKey), new() { PersistResult = false });
        using var test = FlowTest.Of(async _ => await again.Run());
        await test.Run(TestContext.Current.CancellationToken);
        await test.Run(TestContext.Current.CancellationToken);
        Assert.Equal(["not-kept-1", "not-kept-1"], keys);
    }

    [Fact]
    public async Task ACachedResultServesOtherRunsUntilItExpires()
    {
        using var cache = new Support.TemporaryFolder();
        var executed = 0;
        var cached = FlowTask.Define("cached", (int number, TaskContext task) => ++executed + number, new() { CacheKey = CacheKeys.Inputs, CacheExpiry = TimeSpan.FromHours(1) });
        var options = new FlowTestOptions { CacheDirectory = cache.Path };
        Assert.Equal(11, (await FlowTest.Run(async _ => await cached.Run(10), options)).Result);
        var second = await FlowTest.Run(async _ => await cached.Run(10), options);
        Assert.Equal((11, "Cached"), (second.Result, second.TaskRun(cached).State!.Name));
        Assert.Equal(22, (await FlowTest.Run(async _ => await cached.Run(20), options)).Result);
        foreach (var file in Directory.GetFiles(cache.Path))
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromHours(2));
        Assert.Equal(13, (await FlowTest.Run(async _ => await cached.Run(10), options)).Result);
    }
}
