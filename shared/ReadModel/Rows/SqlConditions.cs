namespace Holoflow.ReadModel.Rows;

/// <summary>Builds the conditions of one statement. Every value is a parameter; the text is made of constants only.</summary>
sealed class SqlConditions
{
    readonly List<string> _conditions = [];
    readonly List<object?> _values = [];

    public object?[] Values => [.. _values];

    /// <summary>A parameter for a value.</summary>
    public string Value(object? value)
    {
        _values.Add(value);
        return $"${_values.Count}";
    }

    public void Add(string condition) => _conditions.Add(condition);

    /// <summary>The column has one of the values; without values any will do.</summary>
    public void AnyOf<T>(string column, IReadOnlyList<T> values)
    {
        if (values.Count > 0)
            Add($"{column} IN ({string.Join(", ", values.Select(v => Value(v)))})");
    }

    /// <summary>The conditions after WHERE.</summary>
    public string Text => _conditions.Count == 0 ? "TRUE" : string.Join(" AND ", _conditions);
}
