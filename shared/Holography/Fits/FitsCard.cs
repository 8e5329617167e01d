using System.Globalization;
using System.Text;

namespace Holoflow.Holography.Fits;

/// <summary>
/// One header card: a keyword with a value (bool, long, double, string), or a comment card (COMMENT, HISTORY) whose text is the comment
/// and whose value is null. Formatted as astropy does (FITS standard 4.0, section 4; long strings by CONTINUE).
/// </summary>
public sealed record FitsCard(string Keyword, object? Value, string Comment = "")
{
    internal const int Length = 80;
    const int ValueStart = 10, ValueWidth = 20, LongStringPart = 67;

    internal bool IsCommentary => Value is null;

    /// <summary>The card as it stands in a header: 80 columns, or more cards where a string is long.</summary>
    /// <exception cref="FitsFormatException">The keyword, or a character of the card, is not allowed, or the value does not fit.</exception>
    public string Format()
    {
        if (Keyword.Length > 8 || Keyword.Any(c => c is not ((>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_')))
            throw new FitsFormatException($"'{Keyword}' is not a keyword: at most eight of A-Z, 0-9, - and _ are allowed.");
        if (Value is null)
            return Check($"{Keyword,-8}{Comment}");
        string value = Value switch
        {
            bool flag => (flag ? "T" : "F").PadLeft(ValueWidth),
            long number => number.ToString(CultureInfo.InvariantCulture).PadLeft(ValueWidth),
            double number => FitsNumber.Format(number).PadLeft(ValueWidth),
            string text => Quoted(text),
            _ => throw new FitsFormatException($"{Keyword}: a card cannot hold a value of type {Value.GetType().Name}."),
        };
        if (Value is string longText && ValueStart + value.TrimEnd().Length > Length)
            return FormatLong(longText);
        string card = $"{Keyword,-8}= {value}{(Comment.Length > 0 ? $" / {Comment}" : "")}";
        // As astropy does, a comment that is too long loses its end.
        return Check(card.Length > Length ? card[..Length] : card);
    }

    /// <summary>Splits text of any length into HISTORY or COMMENT cards.</summary>
    internal static IEnumerable<FitsCard> Commentary(string keyword, string text)
    {
        foreach (string line in text.Split('\n'))
            for (int at = 0; at == 0 || at < line.Length; at += Length - 8)
                yield return new FitsCard(keyword, null, line[at..Math.Min(line.Length, at + Length - 8)]);
    }

    /// <summary>Reads a card of 80 columns; what cannot be read as a value stays text.</summary>
    internal static FitsCard Parse(string card)
    {
        string keyword = card[..8].TrimEnd();
        if (!string.Equals(card[8..10], "= ", StringComparison.Ordinal) || keyword is "COMMENT" or "HISTORY" or "")
            return new FitsCard(keyword, null, card[8..].TrimEnd());
        string field = card[10..];
        if (field.TrimStart().StartsWith('\''))
        {
            (string text, string rest) = Unquote(field.TrimStart());
            return new FitsCard(keyword, text, AfterSlash(rest));
        }
        int slash = field.IndexOf('/', StringComparison.Ordinal);
        string token = (slash < 0 ? field : field[..slash]).Trim();
        string comment = slash < 0 ? "" : field[(slash + 1)..].Trim();
        return new FitsCard(keyword, ParseToken(token), comment);
    }

    /// <summary>Reads the string of a CONTINUE card.</summary>
    internal static string ParseContinuation(string card)
    {
        string field = card[8..].TrimStart();
        return field.StartsWith('\'') ? Unquote(field).Text : "";
    }

    static object ParseToken(string token) => token switch
    {
        "T" => true,
        "F" => false,
        _ when long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ when double.TryParse(token.Replace('D', 'E'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => token,
    };

    static (string Text, string Remainder) Unquote(string field)
    {
        var text = new StringBuilder();
        int at = 1;
        for (; at < field.Length; at++)
        {
            if (field[at] != '\'')
                text.Append(field[at]);
            else if (at + 1 < field.Length && field[at + 1] == '\'')
                text.Append(field[++at]);
            else
                break;
        }
        return (text.ToString().TrimEnd(), at + 1 < field.Length ? field[(at + 1)..] : "");
    }

    static string AfterSlash(string rest)
    {
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : rest[(slash + 1)..].Trim();
    }

    static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal),-8}'".PadRight(ValueWidth);

    string FormatLong(string text)
    {
        var cards = new StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            int count = Math.Min(text.Length - at, LongStringPart);
            while (text.AsSpan(at, count).Count('\'') + count > LongStringPart)
                count--;
            string part = text.Substring(at, count).Replace("'", "''", StringComparison.Ordinal);
            at += count;
            string start = cards.Length == 0 ? $"{Keyword,-8}= " : "CONTINUE  ";
            cards.Append(Check($"{start}'{part}{(at < text.Length ? "&" : "")}'"));
        }
        return cards.ToString();
    }

    static string Check(string card) => card.All(c => c is >= ' ' and <= '~')
        ? card.PadRight(Length)
        : throw new FitsFormatException($"'{card}': a card holds only printable ASCII characters.");
}
