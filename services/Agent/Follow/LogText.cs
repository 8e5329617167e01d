using System.Text;

namespace Holoflow.Agent.Follow;

/// <summary>Makes text fit for the log store.</summary>
static class LogText
{
    /// <summary>The longest line that is kept whole, in bytes of UTF-8.</summary>
    public const int LongestLine = 64 * 1024;

    public const string CutMark = " … [line cut at 64 KiB]";

    /// <summary>Shows NUL, which PostgreSQL cannot store in text, as ␀; cuts what is too long, with a mark.</summary>
    public static string Bound(string text)
    {
        var shown = Visible(text);
        return shown.Length * 3 <= LongestLine || Encoding.UTF8.GetByteCount(shown) <= LongestLine ? shown : Cut(shown);
    }

    /// <summary>NUL as ␀, the rest as it is.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Visible(string? text) => text?.Replace('\0', '␀');

    /// <summary>Bytes of a line as text: what is not UTF-8 becomes U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => Visible(Encoding.UTF8.GetString(bytes));

    /// <summary>The largest length at or below <paramref name="limit"/> that does not cut a character in two.</summary>
    public static int Boundary(ReadOnlySpan<byte> bytes, int limit)
    {
        var at = Math.Min(limit, bytes.Length);
        for (var back = 0; at < bytes.Length && back < 4 && at > 0 && (bytes[at] & 0xC0) == 0x80; back++)
            at--;
        return at;
    }

    static string Cut(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, Boundary(bytes, LongestLine))) + CutMark;
    }
}
