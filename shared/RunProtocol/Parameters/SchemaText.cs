using System.Text.Json;

namespace Holoflow.RunProtocol.Parameters;

/// <summary>Words for JSON values in messages.</summary>
static class SchemaText
{
    const int LongestShown = 60;

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };

    public static string Type(string type) => type switch
    {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "null" => "null",
        _ => type,
    };

    /// <summary>The value as JSON, cut where it is long.</summary>
    public static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");
    }

    /// <summary>Words joined as <c>a, b or c</c>.</summary>
    public static string Or(IReadOnlyList<string> words) => words.Count switch
    {
        0 => "nothing",
        1 => words[0],
        _ => $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}",
    };

    /// <summary>The known word that <paramref name="word"/> most likely means, or null.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (candidate, distance: Distance(Plain(word), Plain(candidate))))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(1, word.Length / 3) ? best.candidate : null;
    }

    // beam_count, beam-count and BeamCount all mean beamCount.
    static string Plain(string word) =>
        word.Length > LongestShown ? word : word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    static int Distance(string a, string b)
    {
        if (a.Length > LongestShown || b.Length > LongestShown)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
