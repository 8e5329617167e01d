namespace Holoflow.Sdk;

public abstract partial class FlowTask
{
    /// <summary>
    /// Defines a task. Its mistakes are reported when the program starts, together with all others.
    /// </summary>
    /// <param name="name">Unique in the program.</param>
    /// <param name="body">What it does: a lambda with explicit parameter types, up to four inputs and then the task's context.</param>
    /// <param name="options">How it is executed.</param>
    public static FlowTask<TOut> Define<TOut>(string name, Func<TaskContext, Task<TOut>> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (context) => new ValueTask<TOut>(body(context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<TOut> Define<TOut>(string name, Func<TaskContext, TOut> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (context) => new ValueTask<TOut>(body(context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<Nothing> Define(string name, Func<TaskContext, Task> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (context) => NoResult(body(context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<Nothing> Define(string name, Action<TaskContext> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (context) => NoResult(() => body(context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, TOut> Define<T1, TOut>(string name, Func<T1, TaskContext, Task<TOut>> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, context) => new ValueTask<TOut>(body(first, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, TOut> Define<T1, TOut>(string name, Func<T1, TaskContext, TOut> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, context) => new ValueTask<TOut>(body(first, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, Nothing> Define<T1>(string name, Func<T1, TaskContext, Task> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, context) => NoResult(body(first, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, Nothing> Define<T1>(string name, Action<T1, TaskContext> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, context) => NoResult(() => body(first, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, TOut> Define<T1, T2, TOut>(string name, Func<T1, T2, TaskContext, Task<TOut>> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, context) => new ValueTask<TOut>(body(first, second, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, TOut> Define<T1, T2, TOut>(string name, Func<T1, T2, TaskContext, TOut> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, context) => new ValueTask<TOut>(body(first, second, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, Nothing> Define<T1, T2>(string name, Func<T1, T2, TaskContext, Task> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, context) => NoResult(body(first, second, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, Nothing> Define<T1, T2>(string name, Action<T1, T2, TaskContext> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, context) => NoResult(() => body(first, second, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, TOut> Define<T1, T2, T3, TOut>(string name, Func<T1, T2, T3, TaskContext, Task<TOut>> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, context) => new ValueTask<TOut>(body(first, second, third, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, TOut> Define<T1, T2, T3, TOut>(string name, Func<T1, T2, T3, TaskContext, TOut> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, context) => new ValueTask<TOut>(body(first, second, third, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, Nothing> Define<T1, T2, T3>(string name, Func<T1, T2, T3, TaskContext, Task> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, context) => NoResult(body(first, second, third, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, Nothing> Define<T1, T2, T3>(string name, Action<T1, T2, T3, TaskContext> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, context) => NoResult(() => body(first, second, third, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, T4, TOut> Define<T1, T2, T3, T4, TOut>(string name, Func<T1, T2, T3, T4, TaskContext, Task<TOut>> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, fourth, context) => new ValueTask<TOut>(body(first, second, third, fourth, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, T4, TOut> Define<T1, T2, T3, T4, TOut>(string name, Func<T1, T2, T3, T4, TaskContext, TOut> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, fourth, context) => new ValueTask<TOut>(body(first, second, third, fourth, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, T4, Nothing> Define<T1, T2, T3, T4>(string name, Func<T1, T2, T3, T4, TaskContext, Task> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, fourth, context) => NoResult(body(first, second, third, fourth, context)), []);

    /// <inheritdoc cref="Define{TOut}(string, Func{TaskContext, Task{TOut}}, TaskOptions?)"/>
    public static FlowTask<T1, T2, T3, T4, Nothing> Define<T1, T2, T3, T4>(string name, Action<T1, T2, T3, T4, TaskContext> body, TaskOptions? options = null) =>
        new(Defined(name, body, options), (first, second, third, fourth, context) => NoResult(() => body(first, second, third, fourth, context)), []);

    static TaskDefinition Defined(string name, Delegate body, TaskOptions? options)
    {
        var definition = new TaskDefinition(name, body, options ?? TaskOptions.Default);
        DefinitionMistakes.Check(definition);
        return definition;
    }

    static async ValueTask<Nothing> NoResult(Task body)
    {
        await body;
        return default;
    }

    static ValueTask<Nothing> NoResult(Action body)
    {
        body();
        return default;
    }
}
