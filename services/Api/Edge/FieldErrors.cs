namespace Holoflow.Api.Edge;

/// <summary>Collects what is wrong with a request, so that all of it is told at once.</summary>
sealed class FieldErrors
{
    readonly SortedDictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    public bool Any => _errors.Count > 0;

    public void Add(string field, string message)
    {
        if (!_errors.TryGetValue(field, out var messages))
            _errors[field] = messages = [];
        messages.Add(message);
    }

    /// <exception cref="RefusedException">Something was wrong.</exception>
    public void ThrowIfAny(int status = 400)
    {
        if (Any)
            throw RefusedException.BadFields(_errors.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value, StringComparer.Ordinal), status);
    }
}
