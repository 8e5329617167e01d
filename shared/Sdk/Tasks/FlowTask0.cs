using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>A task without inputs. See <see cref="FlowTask"/>.</summary>
public sealed class FlowTask<TOut> : FlowTask
{
    readonly Func<TaskContext, ValueTask<TOut>> _body;

    internal FlowTask(TaskDefinition definition, Func<TaskContext, ValueTask<TOut>> body, IReadOnlyList<TaskFuture> waits)
        : base(definition, waits) => _body = body;

    /// <summary>Submits one run of the task to the flow that is running here, and returns at once.</summary>
    public TaskFuture<TOut> Submit() => SubmitAt(mapIndex: null);

    /// <summary>Submits one run of the task and gives its result.</summary>
    public Task<TOut> Run() => Submit().Result();

    /// <summary>The same task with other options: <c>task.With(o =&gt; o with { Retries = 5 })</c>.</summary>
    public FlowTask<TOut> With(Func<TaskOptions, TaskOptions> change) => new(Definition.With(change(Options)), _body, Waits);

    /// <summary>The same task, which starts only after these completed: edges of the graph without a value.</summary>
    public FlowTask<TOut> WaitFor(params TaskFuture[] futures) => new(Definition, _body, Joined(Waits, futures));

    internal override ValueTask<ReadOnlyMemory<byte>> Execute(JsonElement inputs, TaskContext context, TimeSpan? timeout) => Execute(_body, context, timeout);

    TaskFuture<TOut> SubmitAt(int? mapIndex) =>
        Submit(Inputs(), _body, mapIndex);
}
