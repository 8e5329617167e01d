using System.Security.Cryptography;
using System.Text.Json;

namespace Holoflow.Sdk;

/// <summary>The inputs of a task run, for its cache key: every future is its result by then.</summary>
public sealed class TaskInputs
{
    readonly IReadOnlyList<string> _names;
    readonly IReadOnlyList<object?> _values;

    internal TaskInputs(string taskName, IReadOnlyList<string> names, IReadOnlyList<object?> values)
    {
        TaskName = taskName;
        _names = names;
        _values = values;
    }

    public string TaskName { get; }

    /// <summary>The value of the input with this name.</summary>
    public object? this[string name] => _names.TakeWhile(one => one != name).Count() is var index && index < _values.Count
        ? _values[index]
        : throw new ArgumentException($"task '{TaskName}' has no input '{name}'; it has {string.Join(", ", _names)}", nameof(name));

    internal IReadOnlyList<object?> Values => _values;

    internal static object? ValueOf(object? valueOrSource) =>
        valueOrSource is IInputSource source ? source.Boxed : valueOrSource;
}

/// <summary>Cache keys in common use.</summary>
public static class CacheKeys
{
    /// <summary>The task's name and the values of all inputs.</summary>
    public static string? Inputs(TaskInputs inputs) => InputsAndVersion("")(inputs);

    /// <summary>As <see cref="Inputs"/>, and a word that is changed when the task's code changes what it computes.</summary>
    public static Func<TaskInputs, string?> InputsAndVersion(string version) => inputs =>
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new object?[] { inputs.TaskName, version, inputs.Values }, ResultFormat.Options);
        return Convert.ToHexStringLower(SHA256.HashData(json));
    };
}
