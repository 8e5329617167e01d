using System.Collections;

namespace Holoflow.Holography.Tables;

/// <summary>A keyword that points at another table (a subtable); the path is as stored, relative to the table.</summary>
public sealed record TableReference(string StoredPath);

/// <summary>An array as a keyword's value: shape with the fastest axis first, values in that order.</summary>
public sealed record TableArray(IReadOnlyList<long> Shape, Array Values);

/// <summary>
/// The keywords of a table or column, in order. A value is a bool, number, complex number, string,
/// <see cref="TableArray"/>, <see cref="TableReference"/> or nested <see cref="TableKeywords"/>.
/// </summary>
public sealed class TableKeywords : IEnumerable<KeyValuePair<string, object>>
{
    readonly List<KeyValuePair<string, object>> _fields = [];

    public int Count => _fields.Count;

    /// <summary>The keyword's value, or null where there is none.</summary>
    public object? this[string name] => _fields.Find(field => string.Equals(field.Key, name, StringComparison.Ordinal)).Value;

    /// <summary>Appends a keyword; its value is a scalar, an array, a record of keywords or a subtable.</summary>
    public TableKeywords Add(string name, object value)
    {
        _fields.Add(new(name, value));
        return this;
    }

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
