using System.Security.Cryptography;
using System.Text;

namespace Holoflow.Contracts;

/// <summary>Makes any text one word of a routing key, different texts different words.</summary>
public static class RoutingWord
{
    /// <summary>The longest word: a routing key and a queue's name have 255 bytes for all of theirs.</summary>
    public const int Longest = 80;

    const int Kept = 46;

    /// <summary>
    /// Letters, digits and <c>-</c> stay; every other byte of the UTF-8 text becomes <c>_</c> and two hexadecimal digits. Of a word that would be
    /// too long the beginning stays, and <c>__</c> and a digest of the text follow.
    /// </summary>
    public static string Of(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var word = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
            _ = char.IsAsciiLetterOrDigit((char)b) || b == '-' ? word.Append((char)b) : word.Append('_').Append(b.ToString("x2"));
        return word.Length <= Longest ? word.ToString() : Shortened(text, word);
    }

    // No word holds two underscores in a row by itself.
    static string Shortened(string text, StringBuilder word) =>
        $"{word.ToString(0, Kept)}__{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}";
}
