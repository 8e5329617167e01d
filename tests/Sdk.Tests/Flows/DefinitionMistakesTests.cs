namespace Holoflow.Sdk.Tests.Flows;

/// <summary>All mistakes of a program's definitions are told together.</summary>
public class DefinitionMistakesTests
{
#pragma warning disable CA1822 // A flow that is wrongly not static is what the test is about.
    sealed class Wrong
    {
        static readonly FlowTask<int, int> Negative = FlowTask.Define("negative", (int number, TaskContext task) => number, new() { Retries = -1, Timeout = TimeSpan.Zero, RunName = "{nmber}" });

        static readonly FlowTask<int, int> Twice = FlowTask.Define("negative", (int number, TaskContext task) => number, new() { CacheExpiry = TimeSpan.FromDays(1) });

        [Flow(Retries = -2, TimeoutSeconds = double.NaN, OnFailure = "Missing", Name = "a/b")]
        public static int NoTask(int first, string second) => Negative.Name.Length + Twice.Name.Length;

        [Flow(Name = "same")]
        public Task Instance() => Task.CompletedTask;

        [Flow(Name = "same")]
        public static Task Opaque(Holder holder) => Task.CompletedTask;
    }
#pragma warning restore CA1822

    public sealed record Holder(Action Callback);

    public sealed record Deep(IReadOnlyList<Deep> Inner);

    sealed class Recursive
    {
        [Flow]
        public static Task Run(Deep deep) => Task.CompletedTask;
    }

    sealed class Failing
    {
        static readonly FlowTask<int> Task = Thrown();

        static FlowTask<int> Thrown() => throw new InvalidOperationException("no such file");

        public static string Use() => Task.Name;
    }

    [Fact]
    public void TheyAreAllCollected()
    {
        var mistakes = FlowCatalog.Of([typeof(Wrong)]).Mistakes;
        string[] expected =
        [
            "task 'negative' has -1 retries",
            "task 'negative' has a timeout of 00:00:00",
            "task 'negative' has a run name with {nmber}, which is none of its inputs (number)",
            "task 'negative' has a cache expiry but no cache key",
            "task 'negative' is defined twice",
            "flow 'a/b' (Wrong.NoTask) returns Int32; Task or Task<T> would be right",
            "flow 'a/b' (Wrong.NoTask) takes 'first' and 'second'; one record with all parameters would be right",
            "flow 'a/b' (Wrong.NoTask) needs a name without control characters and slashes",
            "flow 'a/b' (Wrong.NoTask) has -2 retries",
            "flow 'a/b' (Wrong.NoTask) has a timeout of NaN s",
            "flow 'a/b' (Wrong.NoTask) names the hook 'Missing'",
            "flow 'same' (Wrong.Instance) is not static",
            "flow 'same' (Wrong.Opaque) has parameters of a type that JSON cannot bring: member 'callback'",
            "flow 'same' is defined 2 times: Instance, Opaque",
        ];
        Assert.All(expected, start => Assert.Contains(mistakes, mistake => mistake.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public void OptionsThatAreChangedLaterAreCheckedToo()
    {
        var task = FlowTask.Define("changed-later", (TaskContext task) => 1);
        var refusal = Assert.Throws<ArgumentException>(() => task.With(o => o with { Retries = -1, Timeout = TimeSpan.Zero }));
        Assert.StartsWith("task 'changed-later' has -1 retries; 0 or more would be right; has a timeout of 00:00:00", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AParameterTypeThatHoldsItselfIsNamed() =>
        Assert.Contains("Deep holds itself", Assert.Single(FlowCatalog.Of([typeof(Recursive)]).Mistakes), StringComparison.Ordinal);

    [Fact]
    public void AStaticFieldThatThrowsIsNamed() =>
        Assert.Equal("the static fields of Failing cannot be initialised: no such file", Assert.Single(FlowCatalog.Of([typeof(Failing)]).Mistakes));

    [Fact]
    public void TheSampleFlowsHaveNone() => Assert.Empty(FlowCatalog.Of(typeof(SampleFlows.TaskFlows).Assembly).Mistakes);
}
