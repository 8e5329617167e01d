using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>A task of two inputs. See <see cref="FlowTask"/>.</summary>
public sealed class FlowTask<T1, T2, TOut> : FlowTask
{
    readonly Func<T1, T2, TaskContext, ValueTask<TOut>> _body;

    internal FlowTask(TaskDefinition definition, Func<T1, T2, TaskContext, ValueTask<TOut>> body, IReadOnlyList<TaskFuture> waits)
        : base(definition, waits) => _body = body;

    /// <summary>Submits one run of the task to the flow that is running here, and returns at once.</summary>
    public TaskFuture<TOut> Submit(Input<T1> first, Input<T2> second) => SubmitAt(first, second, mapIndex: null);

    /// <summary>Submits one run of the task with values.</summary>
    public TaskFuture<TOut> Submit(T1 first, T2 second) => SubmitAt(Input.Of(first), Input.Of(second), mapIndex: null);

    /// <summary>Submits one run of the task and gives its result.</summary>
    public Task<TOut> Run(Input<T1> first, Input<T2> second) => Submit(first, second).Result();

    /// <summary>Submits one run of the task with values, and gives its result.</summary>
    public Task<TOut> Run(T1 first, T2 second) => Submit(first, second).Result();

    /// <summary>Submits one run of the task for each item of the lists, which are equally long; single values are the same for every run.</summary>
    [OverloadResolutionPriority(1)]
    public TaskFutures<TOut> Map(MapInput<T1> first, MapInput<T2> second) =>
        MapEach(MapCount(this, first.Count, second.Count), i => SubmitAt(first[i], second[i], i));

    /// <summary>Submits one run of the task for each item; the other inputs are lists of the same length, or the same for every run.</summary>
    public TaskFutures<TOut> Map(IEnumerable<T1> items, MapInput<T2> second) => Map(Input.Each(items), second);

    /// <summary>The same task with other options: <c>task.With(o =&gt; o with { Retries = 5 })</c>.</summary>
    public FlowTask<T1, T2, TOut> With(Func<TaskOptions, TaskOptions> change) => new(Definition.With(change(Options)), _body, Waits);

    /// <summary>The same task, which starts only after these completed: edges of the graph without a value.</summary>
    public FlowTask<T1, T2, TOut> WaitFor(params TaskFuture[] futures) => new(Definition, _body, Joined(Waits, futures));

    internal override ValueTask<ReadOnlyMemory<byte>> Execute(JsonElement inputs, TaskContext context, TimeSpan? timeout) =>
        Execute(c => _body(Read<T1>(inputs, 0), Read<T2>(inputs, 1), c), context, timeout);

    TaskFuture<TOut> SubmitAt(Input<T1> first, Input<T2> second, int? mapIndex) =>
        Submit(Inputs()
            .Add(0, first)
            .Add(1, second), context => _body(first.Value, second.Value, context), mapIndex);
}
