using System.Text;
using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>
/// A task: a named piece of work that a flow submits. Define it once, as a static field:
/// <code>static readonly FlowTask&lt;string, double&gt; Fit = FlowTask.Define("fit", async (string path, TaskContext task) =&gt; …, new() { Retries = 3 });</code>
/// and submit it as often as needed: <c>Fit.Submit(path)</c>, <c>Fit.Map(paths)</c>, <c>await Fit.Run(path)</c>.
/// </summary>
public abstract partial class FlowTask
{
    private protected FlowTask(TaskDefinition definition, IReadOnlyList<TaskFuture> waits)
    {
        Definition = definition;
        Waits = waits;
        TaskBodies.Add(this);
    }

    /// <summary>The task's name: the node of the collapsed graph.</summary>
    public string Name => Definition.Name;

    public TaskOptions Options => Definition.Options;

    internal TaskDefinition Definition { get; }

    private protected IReadOnlyList<TaskFuture> Waits { get; }

    private protected TaskFuture<TOut> Submit<TOut>(SubmittedInputs inputs, Func<TaskContext, ValueTask<TOut>> body, int? mapIndex)
    {
        foreach (var future in Waits)
            inputs.WaitFor(future);
        return new TaskFuture<TOut>(inputs.Run.Submit(Definition, inputs, body, mapIndex));
    }

    /// <summary>Executes the body once, in a process that is not the flow's.</summary>
    /// <param name="inputs">A JSON array.</param>
    /// <param name="context">The task's.</param>
    /// <param name="timeout">Its time; null: none.</param>
    /// <returns>The result as JSON.</returns>
    internal abstract ValueTask<ReadOnlyMemory<byte>> Execute(JsonElement inputs, TaskContext context, TimeSpan? timeout);

    private protected async ValueTask<ReadOnlyMemory<byte>> Execute<TOut>(Func<TaskContext, ValueTask<TOut>> body, TaskContext context, TimeSpan? timeout)
    {
        try
        {
            return ResultBytes.Of(Definition, timeout is { } limit ? await TaskTimeout.Limit(context, limit, body) : await body(context));
        }
        finally
        {
            context.Finish();
        }
    }

    private protected static T Read<T>(JsonElement inputs, int index) => ResultFormat<T>.Read(Encoding.UTF8.GetBytes(inputs[index].GetRawText()));

    private protected SubmittedInputs Inputs() => new(FlowRun.CurrentFor(Definition), Definition);

    private protected static int MapCount(FlowTask task, params ReadOnlySpan<int?> counts)
    {
        int? common = null;
        foreach (var count in counts)
        {
            if (count is not null && common is not null && count != common)
                throw new InvalidOperationException($"task '{task.Name}' cannot be mapped over lists of {common} and {count} items: they must be equally long, or wrapped in Input.Unmapped(…)");
            common ??= count;
        }
        return common ?? throw new InvalidOperationException($"task '{task.Name}' cannot be mapped: none of its inputs is a list; use Submit");
    }

    private protected static TaskFutures<TOut> MapEach<TOut>(int count, Func<int, TaskFuture<TOut>> submit)
    {
        var futures = new TaskFuture<TOut>[count];
        for (var i = 0; i < count; i++)
            futures[i] = submit(i);
        return new TaskFutures<TOut>(futures);
    }

    private protected static IReadOnlyList<TaskFuture> Joined(IReadOnlyList<TaskFuture> waits, TaskFuture[] more) => [.. waits, .. more];
}
