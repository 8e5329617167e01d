using System.Text.RegularExpressions;

namespace Holoflow.Cli.Output;

/// <summary>
/// The styles that a log text asks for by SGR sequences (ECMA-48, 8.3.117), taken out of it: colours, weight, slope, underline, inverse, struck out. What would hide
/// text or blink is left out; every other control sequence stays in the text, where it is shown as signs.
/// </summary>
sealed partial class LogColours
{
    const int Weight = 0, Slope = 1, Underline = 2, Inverse = 3, Struck = 4, Foreground = 5, Background = 6;
    const int Indexed = 5, Direct = 2;

    readonly string?[] _inForce = new string?[7];

    /// <summary>The pieces of a line, each with the SGR parameters in force, none: plain; what is in force at its end goes on in the next line.</summary>
    public IEnumerable<(string Text, string Codes)> Pieces(string line)
    {
        var from = 0;
        foreach (Match sequence in Sequence().Matches(line))
        {
            if (sequence.Index > from)
                yield return (line[from..sequence.Index], InForce());
            from = sequence.Index + sequence.Length;
            Apply([.. sequence.Groups["codes"].Value.Split(';').Select(Code)]);
        }
        if (from < line.Length)
            yield return (line[from..], InForce());
    }

    string InForce() => string.Join(';', _inForce.OfType<string>());

    void Apply(int[] codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            switch (codes[i])
            {
                case 0:
                    Array.Clear(_inForce);
                    break;
                case 38 or 48:
                    i += Extended(codes[i] == 38 ? Foreground : Background, codes.AsSpan(i));
                    break;
                case var code when SlotOf(code) is { } slot:
                    _inForce[slot] = code is 22 or 23 or 24 or 27 or 29 or 39 or 49 ? null : $"{code}";
                    break;
            }
        }
    }

    /// <summary>A colour of 256, or of red, green and blue; how many parameters it takes beside its first.</summary>
    int Extended(int slot, ReadOnlySpan<int> codes)
    {
        var length = codes is [_, Indexed, ..] ? 3 : codes is [_, Direct, ..] ? 5 : 1;
        if (length == 1 || codes.Length < length)
            return codes.Length - 1;
        if (codes[2..length].IndexOfAnyExceptInRange(0, 255) < 0)
            _inForce[slot] = string.Join(';', codes[..length].ToArray());
        return length - 1;
    }

    static int? SlotOf(int code) => code switch
    {
        1 or 2 or 22 => Weight,
        3 or 23 => Slope,
        4 or 24 => Underline,
        7 or 27 => Inverse,
        9 or 29 => Struck,
        (>= 30 and <= 37) or (>= 90 and <= 97) or 39 => Foreground,
        (>= 40 and <= 47) or (>= 100 and <= 107) or 49 => Background,
        _ => null,
    };

    // An empty parameter is 0; one that is no number at all is none that means anything.
    static int Code(string text) => text.Length == 0 ? 0 : int.TryParse(text, out var code) ? code : -1;

    [GeneratedRegex(@"\e\[(?<codes>[0-9;]*)m", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Sequence();
}
