using System.ComponentModel;
using System.Diagnostics;
using System.Numerics;
using Holoflow.Sdk;

namespace Holoflow.SampleClusterFlows;

/// <summary>How the tasks of a sample use the cluster.</summary>
public enum Use
{
    Pool,
    Array,
}

/// <param name="Count">How many tasks.</param>
/// <param name="Use">How they use the cluster.</param>
/// <param name="Directory">Where executions leave a file each; null: nowhere.</param>
/// <param name="Seconds">How long each takes.</param>
/// <param name="Pack">How many tasks a job of an array executes.</param>
/// <param name="Release">A file that tasks wait for; null: none.</param>
/// <param name="Retries">How often a task is retried.</param>
public sealed record ClusterParameters(int Count = 4, Use Use = Use.Pool, string? Directory = null, double Seconds = 0, int Pack = 1, string? Release = null, int Retries = 0);

/// <summary>A result with what JSON has trouble with.</summary>
public sealed record Measured(int Number, double NotANumber, Complex Value, string Text);

/// <summary>Flows whose tasks are executed on a cluster.</summary>
public static class ClusterFlows
{
    static readonly FlowTask<int, int> Square = FlowTask.Define("square", (int number, TaskContext task) => number * number);

    static readonly FlowTask<int, int[], Measured> Measure = FlowTask.Define("measure", (int number, int[] others, TaskContext task) =>
        new Measured(number + others.Sum(), double.NaN, new Complex(number, -1), new string('x', number)));

    static readonly FlowTask<Measured[], int> Total = FlowTask.Define("total", (Measured[] all, TaskContext task) => all.Sum(one => one.Number + one.Text.Length));

    static readonly FlowTask<ClusterParameters, int, string> Witness = FlowTask.Define("witness", async (ClusterParameters parameters, int number, TaskContext task) =>
    {
        // One file an execution: twice the same task is seen.
        if (parameters.Directory is { } directory)
            await File.WriteAllTextAsync(Path.Combine(directory, $"{number}.{Guid.CreateVersion7():N}"), $"{Environment.ProcessId}");
        task.Log.Info("task {number} works", number);
        if (parameters.Seconds > 0)
            await Task.Delay(TimeSpan.FromSeconds(parameters.Seconds), task.Cancellation);
        while (parameters.Release is { } release && !File.Exists(release))
            await Task.Delay(50, task.Cancellation);
        return Environment.GetEnvironmentVariable("SLURM_JOB_ID") ?? "local";
    });

    static readonly FlowTask<string, Nothing> Speak = FlowTask.Define("speak", async (string release, TaskContext task) =>
    {
        task.Log.Warning("said by {who}", "a task");
        Console.WriteLine("printed");
        task.Progress(0.25, "a quarter");
        task.Artifacts.Markdown("spoken", "# spoken");
        while (!File.Exists(release))
            await Task.Delay(20, task.Cancellation);
        task.Progress(1);
    }, new() { ForwardConsole = true });

    static readonly FlowTask<string, int> FailOnce = FlowTask.Define("fail-once", (string file, TaskContext task) =>
    {
        if (task.ExecutionNumber > 1)
            return task.ExecutionNumber;
        File.WriteAllText(file, "");
        throw new FileNotFoundException("not yet there");
    }, new() { Retries = 2, RetryIf = failure => failure is FileNotFoundException });

    static readonly FlowTask<string, int> Refuse = FlowTask.Define("refuse", (string word, TaskContext task) =>
        word.Length > 0 ? throw new InvalidOperationException($"no: {word}") : 0, new() { Retries = 3, RetryIf = failure => failure is FileNotFoundException });

    static readonly FlowTask<int, int> Slow = FlowTask.Define("slow", async (int number, TaskContext task) =>
    {
        await Task.Delay(Timeout.Infinite, task.Cancellation);
        return number;
    }, new() { Timeout = TimeSpan.FromSeconds(0.5) });

    static readonly FlowTask<string, int, int> KillOnce = FlowTask.Define("kill-once", (string file, int number, TaskContext task) =>
    {
        if (File.Exists(file))
            return number;
        File.WriteAllText(file, "");
        Process.GetCurrentProcess().Kill();
        return -1;
    });

    static readonly FlowTask<int, long> Hoard = FlowTask.Define("hoard", async (int mebibytes, TaskContext task) =>
    {
        var held = new List<byte[]>();
        for (var i = 0; i < mebibytes; i++)
        {
            held.Add(new byte[1024 * 1024]);
            Array.Fill(held[^1], (byte)1);
        }

        // The first time it has too little, and holds on until Slurm has looked.
        if (task.ExecutionNumber == 1)
            await Task.Delay(Timeout.Infinite, task.Cancellation);
        return held.Sum(block => (long)block.Length);
    });

    /// <summary>Values of every kind go to tasks and come back, also from one task to others.</summary>
    [Flow]
    public static async Task<int> Values(ClusterParameters parameters)
    {
        var squares = Square.With(Using(parameters)).Map(Enumerable.Range(0, parameters.Count).ToArray());
        var large = Measure.With(Using(parameters)).Submit(Input.Of(100_000), squares);
        var small = Measure.With(Using(parameters)).Submit(Input.Of(3), squares);
        var (first, second) = (await large, await small);
        if (!double.IsNaN(first.NotANumber) || second.Value != new Complex(3, -1))
            throw new InvalidOperationException("a value came back as another one");
        return await Total.With(Using(parameters)).Run(new[] { first, second });
    }

    /// <summary>So many tasks that do nothing.</summary>
    [Flow]
    public static async Task<int> NoOps(ClusterParameters parameters) => (await Square.With(Using(parameters)).Map(Enumerable.Range(0, parameters.Count).ToArray())).Length;

    /// <summary>So many tasks that leave a witness each.</summary>
    [Flow]
    public static async Task<string[]> Witnesses(ClusterParameters parameters) =>
        await Witness.With(Using(parameters)).With(o => o with { Retries = parameters.Retries }).Map(parameters, Enumerable.Range(0, parameters.Count).ToArray());

    /// <summary>A task that says something, and goes on until the file is there.</summary>
    [Flow]
    public static Task Speaks(ClusterParameters parameters) => Speak.With(Using(parameters)).Run(parameters.Release!);

    /// <summary>Failures: one that a retry helps, one that is worth none, one that takes too long, and what depends on them.</summary>
    [Flow]
    public static async Task<string> Failures(ClusterParameters parameters)
    {
        var once = FailOnce.With(Using(parameters)).Submit(Path.Combine(parameters.Directory!, "failed"));
        var refused = Refuse.With(Using(parameters)).Submit("word");
        var slow = Slow.With(Using(parameters)).Submit(1);
        var skipped = Square.With(Using(parameters)).WaitFor(refused).Submit(2);
        await Task.WhenAll(once.Wait(), refused.Wait(), slow.Wait(), skipped.Wait());
        return string.Join("; ", once.State, refused.State, slow.State.Name, skipped.State.Name);
    }

    /// <summary>A task kills the process that executes it, once, beside others.</summary>
    [Flow]
    public static async Task<string> Killed(ClusterParameters parameters)
    {
        var killer = KillOnce.With(Using(parameters)).With(o => o with { Retries = parameters.Retries }).Submit(Path.Combine(parameters.Directory!, "..", "killed"), 7);
        var others = Witness.With(Using(parameters)).Map(parameters, Enumerable.Range(0, parameters.Count).ToArray());
        await Task.WhenAll(others.Select(other => other.Wait()));
        return $"{await killer.Wait()}";
    }

    /// <summary>A task that takes more memory than it asks for, and gets more with each retry.</summary>
    [Flow]
    public static async Task<string> Hoards([Description("How much it takes")] ClusterParameters parameters)
    {
        var resources = new TaskResources { MemoryBytes = 80L * 1024 * 1024, MemoryGrowth = 10 };
        var hoard = Hoard.With(Using(parameters)).With(o => o with { Resources = resources, Retries = parameters.Retries }).Submit(300);
        var state = await hoard.Wait();
        return state.ToString();
    }

    static Func<TaskOptions, TaskOptions> Using(ClusterParameters parameters) =>
        options => options with { Cluster = parameters.Use == Use.Array ? ClusterUse.Array(parameters.Pack) : ClusterUse.Pool };
}
