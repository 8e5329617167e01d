using System.Globalization;
using Holoflow.Api.Edge;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holoflow.Api.Requests;

/// <summary>Reads a query and names everything that is wrong with it: unknown names, values given twice, values out of range.</summary>
sealed class QueryReader
{
    static readonly string[] TimeForms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    readonly IQueryCollection _query;

    public QueryReader(HttpContext http)
    {
        _query = http.Request.Query;
        var known = http.GetEndpoint()?.Metadata.GetMetadata<ApiRoute>()?.Query ?? [];
        foreach (var name in _query.Keys.Where(name => known.All(k => k.Name != name)))
            Errors.Add(name, known.Count == 0 ? "is unknown: nothing can be asked for here" : $"is unknown; known are {string.Join(", ", known.Select(k => k.Name))}");
    }

    public FieldErrors Errors { get; } = new();

    public string? Text(string name, int maxLength = NameRules.MaxLength)
    {
        var value = One(name);
        if (value?.Length > maxLength)
            Errors.Add(name, $"must have at most {maxLength} characters");
        else if (value?.Contains('\0') == true)
            Errors.Add(name, "must not hold a NUL");
        else
            return value;
        return null;
    }

    public IReadOnlyList<string> Texts(string name, int maxCount = 50)
    {
        if (!_query.TryGetValue(name, out var values))
            return [];
        if (values.Count > maxCount)
            Errors.Add(name, $"must be given at most {maxCount} times");
        else if (values.Any(v => string.IsNullOrEmpty(v) || v.Length > NameRules.MaxLength || v.Contains('\0')))
            Errors.Add(name, $"must have 1 to {NameRules.MaxLength} characters and no NUL");
        else
            return [.. values!];
        return [];
    }

    public int Number(string name, int minimum, int maximum, int otherwise)
    {
        if (One(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
            return number;
        Errors.Add(name, $"must be a whole number from {minimum} to {maximum}");
        return otherwise;
    }

    public long LongNumber(string name, long minimum, long otherwise)
    {
        if (One(name) is not { } text)
            return otherwise;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum)
            return number;
        Errors.Add(name, $"must be a whole number from {minimum}");
        return otherwise;
    }

    public DateTimeOffset? Time(string name)
    {
        if (One(name) is not { } text)
            return null;
        if (DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year is >= 1970 and < 9999)
            return time;
        Errors.Add(name, "must be a time such as 2026-01-31, 2026-01-31T06:00Z or 2026-01-31T06:00:00+01:00 (UTC where no offset is given)");
        return null;
    }

    public Guid? Id(string name)
    {
        if (One(name) is not { } text)
            return null;
        if (Ids.TryRead(text, out var id))
            return id;
        Errors.Add(name, "must be an id (a UUID)");
        return null;
    }

    public bool Flag(string name, bool otherwise)
    {
        switch (One(name))
        {
            case null: return otherwise;
            case "true": return true;
            case "false": return false;
            default:
                Errors.Add(name, "must be true or false");
                return otherwise;
        }
    }

    public T Choice<T>(string name, T otherwise)
        where T : struct, Enum
    {
        if (One(name) is not { } text)
            return otherwise;
        if (char.IsAsciiLetter(text.FirstOrDefault()) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value))
            return value;
        Errors.Add(name, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");
        return otherwise;
    }

    string? One(string name)
    {
        if (!_query.TryGetValue(name, out var values) || StringValues.IsNullOrEmpty(values))
            return null;
        if (values.Count > 1)
            Errors.Add(name, "must be given once");
        return values[0];
    }
}
