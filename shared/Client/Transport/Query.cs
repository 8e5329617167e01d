using System.Text;

namespace Holoflow.Client.Transport;

/// <summary>Builds a path with its query, everything escaped.</summary>
sealed class Query(string path)
{
    readonly StringBuilder _text = new(path);
    bool _any;

    public Query Add(string name, string? value)
    {
        if (value is null)
            return this;
        _ = _text.Append(_any ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _any = true;
        return this;
    }

    public Query Add(string name, IEnumerable<string> values)
    {
        foreach (var value in values)
            _ = Add(name, value);
        return this;
    }

    public Query Add(string name, DateTimeOffset? time) => Add(name, time?.UtcDateTime.ToString("O"));

    public Query Add(string name, int? number) => Add(name, number?.ToString());

    public Query Add(string name, long? number) => Add(name, number?.ToString());

    public Query Add(string name, Guid? id) => Add(name, id?.ToString());

    public override string ToString() => _text.ToString();

    /// <summary>One segment of a path.</summary>
    public static string Segment(string text) => Uri.EscapeDataString(text);
}
