using System.Text;

namespace Holoflow.Contracts;

/// <summary>Makes any text one word of a routing key, different texts different words.</summary>
public static class RoutingWord
{
    /// <summary>Letters, digits and <c>-</c> stay; every other byte of the UTF-8 text becomes <c>_</c> and two hexadecimal digits.</summary>
    public static string Of(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var word = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
            _ = char.IsAsciiLetterOrDigit((char)b) || b == '-' ? word.Append((char)b) : word.Append('_').Append(b.ToString("x2"));
        return word.ToString();
    }
}
