namespace Holoflow.LogIngest;

/// <summary>A line's text as it is kept.</summary>
static class StoredText
{
    /// <summary>Cut with a mark where it is too long; NUL, which no database keeps in a text, shown as its picture.</summary>
    public static string Of(string text, int longest)
    {
        var kept = text.Length <= longest ? text : $"{text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)]} … [cut: the line has {text.Length} characters]";
        return kept.Contains('\0') ? kept.Replace('\0', '\u2400') : kept;
    }
}
