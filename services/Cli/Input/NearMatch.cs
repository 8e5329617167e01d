namespace Holoflow.Cli.Input;

/// <summary>Finds what a person may have meant.</summary>
static class NearMatch
{
    /// <summary>Those of <paramref name="known"/> that are close to <paramref name="given"/>, closest first, at most three.</summary>
    public static IReadOnlyList<string> Of(string given, IEnumerable<string> known)
    {
        var allowed = Math.Max(1, given.Length / 3);
        return [.. known
            .Distinct(StringComparer.Ordinal)
            .Select(k => (Word: k, Distance: k.Contains(given, StringComparison.OrdinalIgnoreCase) && given.Length > 2 ? 0 : Distance(given, k)))
            .Where(k => k.Distance <= allowed)
            .OrderBy(k => k.Distance).ThenBy(k => k.Word, StringComparer.Ordinal)
            .Take(3)
            .Select(k => k.Word)];
    }

    /// <summary>A clause for the end of a message: <c>; did you mean 'a' or 'b'?</c>, or nothing.</summary>
    public static string Clause(string given, IEnumerable<string> known)
    {
        var near = Of(given, known);
        return near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) between two words, case aside.</summary>
    internal static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        for (var j = 1; j <= to.Length; j++)
        {
            var same = Same(from[i - 1], to[j - 1]) ? 0 : 1;
            rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + same);
            if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
        }
        return rows[from.Length, to.Length];
    }

    static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
