using System.Collections;
using System.Runtime.CompilerServices;

namespace Holoflow.Sdk;

/// <summary>The futures of a mapped call, in the order of its items: await them for an array, or hand them to a task that takes one.</summary>
public sealed class TaskFutures<T> : IReadOnlyList<TaskFuture<T>>
{
    readonly TaskFuture<T>[] _futures;

    internal TaskFutures(TaskFuture<T>[] futures) => _futures = futures;

    public int Count => _futures.Length;

    public TaskFuture<T> this[int index] => _futures[index];

    /// <summary>
    /// All results in order. Waits until every task has ended; then throws the first failure, in order, where there is one.
    /// </summary>
    public async Task<T[]> Results(CancellationToken cancellation = default)
    {
        await Wait(cancellation);
        var results = new T[_futures.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = await _futures[i];
        return results;
    }

    /// <summary>Waits for the end of every one, whatever it is.</summary>
    public async Task<RunState[]> Wait(CancellationToken cancellation = default)
    {
        var states = new RunState[_futures.Length];
        for (var i = 0; i < states.Length; i++)
            states[i] = await _futures[i].Wait(cancellation);
        return states;
    }

    /// <summary>Awaiting futures is awaiting their <see cref="Results"/>.</summary>
    public TaskAwaiter<T[]> GetAwaiter() => Results().GetAwaiter();

    public IEnumerator<TaskFuture<T>> GetEnumerator() => ((IEnumerable<TaskFuture<T>>)_futures).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _futures.GetEnumerator();

    /// <summary>Gathers the results to an array: every one is an edge of the graph.</summary>
    public static implicit operator Input<T[]>(TaskFutures<T> futures) => new(new Gathered<T>(futures));

    /// <summary>Gathers the results to a list.</summary>
    public static implicit operator Input<IReadOnlyList<T>>(TaskFutures<T> futures) => new(new Gathered<T>(futures));

    /// <summary>For <c>Map</c>: all results together, the same for every task run.</summary>
    public static implicit operator MapInput<T[]>(TaskFutures<T> futures) => new(new Input<T[]>(new Gathered<T>(futures)));
}

sealed class Gathered<T>(TaskFutures<T> futures) : IInputSource<T[]>
{
    public T[] Value => [.. futures.Select(future => ((IInputSource<T>)future).Value)];

    public object Boxed => Value;

    public IEnumerable<TaskFuture> Futures => futures;
}
