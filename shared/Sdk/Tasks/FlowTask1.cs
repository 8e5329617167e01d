using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>A task of one input. See <see cref="FlowTask"/>.</summary>
public sealed class FlowTask<T1, TOut> : FlowTask
{
    readonly Func<T1, TaskContext, ValueTask<TOut>> _body;

    internal FlowTask(TaskDefinition definition, Func<T1, TaskContext, ValueTask<TOut>> body, IReadOnlyList<TaskFuture> waits)
        : base(definition, waits) => _body = body;

    /// <summary>Submits one run of the task to the flow that is running here, and returns at once.</summary>
    public TaskFuture<TOut> Submit(Input<T1> first) => SubmitAt(first, mapIndex: null);

    /// <summary>Submits one run of the task with values.</summary>
    public TaskFuture<TOut> Submit(T1 first) => SubmitAt(Input.Of(first), mapIndex: null);

    /// <summary>Submits one run of the task and gives its result.</summary>
    public Task<TOut> Run(Input<T1> first) => Submit(first).Result();

    /// <summary>Submits one run of the task with values, and gives its result.</summary>
    public Task<TOut> Run(T1 first) => Submit(first).Result();

    /// <summary>Submits one run of the task for each item.</summary>
    public TaskFutures<TOut> Map(IEnumerable<T1> items) => Map(Input.Each(items));

    /// <summary>Submits one run of the task for each item.</summary>
    [OverloadResolutionPriority(1)]
    public TaskFutures<TOut> Map(MapInput<T1> items) =>
        MapEach(MapCount(this, items.Count), i => SubmitAt(items[i], i));

    /// <summary>The same task with other options: <c>task.With(o =&gt; o with { Retries = 5 })</c>.</summary>
    public FlowTask<T1, TOut> With(Func<TaskOptions, TaskOptions> change) => new(Definition.With(change(Options)), _body, Waits);

    /// <summary>The same task, which starts only after these completed: edges of the graph without a value.</summary>
    public FlowTask<T1, TOut> WaitFor(params TaskFuture[] futures) => new(Definition, _body, Joined(Waits, futures));

    internal override ValueTask<ReadOnlyMemory<byte>> Execute(JsonElement inputs, TaskContext context, TimeSpan? timeout) =>
        Execute(c => _body(Read<T1>(inputs, 0), c), context, timeout);

    TaskFuture<TOut> SubmitAt(Input<T1> first, int? mapIndex) =>
        Submit(Inputs()
            .Add(0, first), context => _body(first.Value, context), mapIndex);
}
