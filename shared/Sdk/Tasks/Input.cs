namespace Holoflow.Sdk;

/// <summary>
/// An input of a task run: a value, the future of another task (an edge of the graph), or the futures of a mapped call gathered to
/// an array. All three convert to it by themselves; a value whose type is an interface needs <see cref="Input.Of"/>.
/// </summary>
public readonly struct Input<T>
{
    readonly T? _value;
    readonly IInputSource<T>? _source;

    internal Input(T value) => _value = value;

    internal Input(IInputSource<T> source) => _source = source;

    internal T Value => _source is null ? _value! : _source.Value;

    internal IInputSource<T>? Source => _source;

    public static implicit operator Input<T>(T value) => new(value);

    public static implicit operator Input<T>(TaskFuture<T> future) => new(future);
}

/// <summary>Makes inputs where a conversion does not.</summary>
public static class Input
{
    /// <summary>A value, also one whose type is an interface.</summary>
    public static Input<T> Of<T>(T value) => new(value);

    /// <summary>For <c>Map</c>: the same value or future for every task run, also where it is a list.</summary>
    public static MapInput<T> Unmapped<T>(Input<T> value) => new(value);

    /// <summary>For <c>Map</c>: one task run for each item.</summary>
    public static MapInput<T> Each<T>(IEnumerable<T> items) => new([.. items.Select(Of)]);
}

/// <summary>Where an input comes from that other tasks make.</summary>
interface IInputSource
{
    object? Boxed { get; }

    IEnumerable<TaskFuture> Futures { get; }
}

/// <summary>As <see cref="IInputSource"/>, with the value's type.</summary>
interface IInputSource<out T> : IInputSource
{
    T Value { get; }
}

/// <summary>
/// An input of a mapped call: an array, a list or the futures of another mapped call give one task run for each item;
/// a single value or future is the same for every one.
/// </summary>
public readonly struct MapInput<T>
{
    readonly Input<T>[]? _items;
    readonly Input<T> _same;

    internal MapInput(Input<T>[] items) => _items = items;

    internal MapInput(Input<T> same) => _same = same;

    internal int? Count => _items?.Length;

    internal Input<T> this[int index] => _items is null ? _same : _items[index];

    public static implicit operator MapInput<T>(T same) => new(new Input<T>(same));

    public static implicit operator MapInput<T>(TaskFuture<T> same) => new(new Input<T>(same));

    public static implicit operator MapInput<T>(T[] items) => Input.Each(items);

    public static implicit operator MapInput<T>(List<T> items) => Input.Each(items);

    public static implicit operator MapInput<T>(TaskFutures<T> items) => new([.. items.Select(item => new Input<T>(item))]);
}
