using System.Text;

namespace Holoflow.Cli.Output;

/// <summary>
/// Text that others supplied, made fit for a terminal: control characters, escape sequences and characters that reorder
/// text are shown as signs, never obeyed.
/// </summary>
static class TerminalText
{
    /// <summary>The text on one line; tabs become spaces.</summary>
    public static string Line(string text)
    {
        var unsafeAt = 0;
        while (unsafeAt < text.Length && !IsUnsafe(text[unsafeAt]))
            unsafeAt++;
        if (unsafeAt == text.Length)
            return text;
        var clean = new StringBuilder(text.Length).Append(text, 0, unsafeAt);
        foreach (var c in text.AsSpan(unsafeAt))
        {
            _ = c switch
            {
                '\t' => clean.Append(' '),
                < ' ' => clean.Append((char)(0x2400 + c)),
                '\x7f' => clean.Append('\u2421'),
                _ when IsUnsafe(c) => clean.Append('\uFFFD'),
                _ => clean.Append(c),
            };
        }
        return clean.ToString();
    }

    /// <summary>The line cut to a number of cells, with an ellipsis where something is missing.</summary>
    public static string Fit(string text, int cells)
    {
        var line = Line(text);
        if (line.Length <= cells && IsNarrow(line))
            return line;
        var used = 0;
        var length = 0;
        var lengthWithEllipsis = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            used += CellsOf(rune);
            if (used > cells)
                return line[..lengthWithEllipsis] + (cells > 0 ? "…" : "");
            length += rune.Utf16SequenceLength;
            if (used < cells)
                lengthWithEllipsis = length;
        }
        return line;
    }

    /// <summary>How many cells of a terminal the line takes.</summary>
    public static int Cells(string line) => IsNarrow(line) ? line.Length : line.EnumerateRunes().Sum(CellsOf);

    /// <summary>The line filled up with spaces.</summary>
    public static string Pad(string line, int cells) => line + new string(' ', Math.Max(0, cells - Cells(line)));

    static bool IsNarrow(string line)
    {
        foreach (var c in line)
            if (c >= 0x300 && c is not (>= '\u2010' and <= '\u27FF'))
                return false;
        return true;
    }

    static int CellsOf(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        >= 0x300 and <= 0x36F or 0x200B or 0x200D or (>= 0xFE00 and <= 0xFE0F) => 0,
        >= 0x1100 and <= 0x115F or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
            or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => 1,
    };

    // C0, DEL, C1, line separators, and the marks that change the direction of the text around them.
    static bool IsUnsafe(char c) => c is < ' ' or (>= '\x7f' and <= '\x9f') or '\u2028' or '\u2029' or '\u061C'
        or (>= '\u200E' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
