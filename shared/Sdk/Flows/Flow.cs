namespace Holoflow.Sdk;

/// <summary>The flow that runs here.</summary>
public static class Flow
{
    /// <summary>The context of the flow, or nested flow, whose method runs here.</summary>
    /// <exception cref="InvalidOperationException">No flow runs here.</exception>
    public static FlowContext Current => FlowContext.CurrentOrNull ?? throw new InvalidOperationException("no flow runs here");

    /// <summary>Adds tags to every task and nested flow submitted until it is disposed of: <c>using (Flow.Tags("beam-3")) { … }</c></summary>
    public static IDisposable Tags(params string[] tags) => new TagScope(tags);

    /// <summary>
    /// Runs another flow as a nested run: a run of its own in this process. Its result is kept: a retried run does not execute a nested
    /// flow again that completed with the same parameters.
    /// </summary>
    public static Task<TOut> Run<TParameters, TOut>(Func<TParameters, FlowContext, Task<TOut>> flow, TParameters parameters) =>
        NestedFlow.Run<TOut>(flow.Method, parameters, async context => await flow(parameters, context));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters)"/>
    public static Task Run<TParameters>(Func<TParameters, FlowContext, Task> flow, TParameters parameters) =>
        NestedFlow.Run(flow.Method, parameters, context => WithoutResult(flow(parameters, context)));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters)"/>
    public static Task<TOut> Run<TParameters, TOut>(Func<TParameters, Task<TOut>> flow, TParameters parameters) =>
        NestedFlow.Run(flow.Method, parameters, async _ => await flow(parameters));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters)"/>
    public static Task Run<TParameters>(Func<TParameters, Task> flow, TParameters parameters) =>
        NestedFlow.Run(flow.Method, parameters, _ => WithoutResult(flow(parameters)));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters)"/>
    public static Task<TOut> Run<TOut>(Func<FlowContext, Task<TOut>> flow) => NestedFlow.Run(flow.Method, null, async context => await flow(context));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters)"/>
    public static Task Run(Func<FlowContext, Task> flow) => NestedFlow.Run(flow.Method, null, context => WithoutResult(flow(context)));

    static async Task<Nothing> WithoutResult(Task flow)
    {
        await flow;
        return default;
    }
}
