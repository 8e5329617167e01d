namespace Holoflow.Holography.Pictures;

/// <summary>
/// A font of strokes. A glyph is strokes separated by '|', each a row of points of two digits: x from 0, y from 0 with the base line at
/// 2, small letters up to 6 and capitals up to 8.
/// </summary>
static class StrokeFont
{
    const double BaseLine = 2, CapitalHeight = 6, Gap = 1.8, SpaceWidth = 3.2;

    static readonly Dictionary<char, string> Glyphs = new()
    {
        ['0'] = "12 32 43 47 38 18 07 03 12", ['1'] = "07 28 22|02 42", ['2'] = "07 18 38 47 46 02 42",
        ['3'] = "07 18 38 47 46 35 15|35 44 43 32 12 03", ['4'] = "32 38 04 44", ['5'] = "48 08 05 35 44 43 32 12 03",
        ['6'] = "47 38 18 07 03 12 32 43 44 35 15 04", ['7'] = "08 48 12", ['8'] = "15 06 07 18 38 47 46 35 15 04 03 12 32 43 44 35",
        ['9'] = "03 12 32 43 47 38 18 07 06 15 35 46",
        ['A'] = "02 28 42|14 34", ['B'] = "02 08 38 47 46 35 05|35 44 43 32 02", ['C'] = "47 38 18 07 03 12 32 43",
        ['D'] = "02 08 28 46 44 22 02", ['E'] = "48 08 02 42|05 35", ['F'] = "48 08 02|05 35", ['G'] = "47 38 18 07 03 12 32 43 45 25",
        ['H'] = "02 08|42 48|05 45", ['I'] = "08 28|18 12|02 22", ['J'] = "48 43 32 12 03", ['K'] = "02 08|48 04|16 42", ['L'] = "08 02 42",
        ['M'] = "02 08 25 48 42", ['N'] = "02 08 42 48", ['O'] = "12 03 07 18 38 47 43 32 12", ['P'] = "02 08 38 47 46 35 05",
        ['Q'] = "12 03 07 18 38 47 43 32 12|24 42", ['R'] = "02 08 38 47 46 35 05|25 42", ['S'] = "47 38 18 07 06 15 35 44 43 32 12 03",
        ['T'] = "08 48|28 22", ['U'] = "08 03 12 32 43 48", ['V'] = "08 22 48", ['W'] = "08 12 26 32 48", ['X'] = "02 48|08 42",
        ['Y'] = "08 25 48|25 22", ['Z'] = "08 48 02 42",
        ['a'] = "05 16 26 35 32|34 14 03 12 22 33", ['b'] = "08 02|05 16 26 35 33 22 12 03", ['c'] = "35 26 16 05 03 12 22 33",
        ['d'] = "38 32|35 26 16 05 03 12 22 33", ['e'] = "04 34 35 26 16 05 03 12 22 33", ['f'] = "38 28 17 12|06 26",
        ['g'] = "36 31 20 10 01|35 26 16 05 03 12 22 33", ['h'] = "08 02|05 16 26 35 32", ['i'] = "06 02|08 08", ['j'] = "16 11 00|18 18",
        ['k'] = "08 02|36 04|15 32", ['l'] = "08 02", ['m'] = "02 06|05 16 25 22|25 36 45 42", ['n'] = "02 06|05 16 26 35 32",
        ['o'] = "12 03 05 16 26 35 33 22 12", ['p'] = "06 00|05 16 26 35 33 22 12 03", ['q'] = "36 30|35 26 16 05 03 12 22 33",
        ['r'] = "02 06|04 16 26", ['s'] = "35 26 16 05 14 24 33 22 12 03", ['t'] = "18 13 22|06 26", ['u'] = "06 03 12 22 33|36 32",
        ['v'] = "06 22 46", ['w'] = "06 12 25 32 46", ['x'] = "06 32|02 36", ['y'] = "06 22|46 10 00", ['z'] = "06 36 02 32",
        ['.'] = "02 02", [','] = "12 01", [':'] = "02 02|05 05", [';'] = "12 01|15 15", ['-'] = "05 35", ['\u2212'] = "05 35", ['+'] = "05 45|23 27",
        ['='] = "04 44|06 46", ['('] = "18 06 04 12", [')'] = "08 16 14 02", ['['] = "18 08 02 12", [']'] = "08 18 12 02", ['/'] = "02 38",
        ['%'] = "02 48|07 18 27 16 07|23 34 43 32 23", ['*'] = "24 28|05 47|07 45", ['\''] = "08 07", ['"'] = "08 07|28 27", ['<'] = "47 05 43",
        ['>'] = "07 45 03", ['_'] = "01 41", ['#'] = "12 18|32 38|04 44|06 46", ['&'] = "42 06 07 18 28 37 36 04 03 12 22 44", ['!'] = "08 04|02 02",
        ['?'] = "07 18 38 47 46 25 24|22 22", ['|'] = "08 01", ['~'] = "04 15 24 35", ['^'] = "06 28 46", ['°'] = "07 18 27 16 07",
        ['±'] = "06 46|24 28|02 42", ['×'] = "03 47|07 43", ['λ'] = "08 18 42|24 02", ['σ'] = "46 16 05 03 12 22 33 35 26", ['ν'] = "06 22 46",
        ['√'] = "04 14 22 48",
    };

    /// <summary>The width of a text whose capitals are <paramref name="size"/> pixels high.</summary>
    public static double Width(string text, double size)
    {
        double width = 0;
        foreach (char character in text)
            width += Advance(character);
        return Math.Max(0, width - Gap) * size / CapitalHeight;
    }

    /// <summary>Each glyph's strokes as segments, from the start of the base line at (0, 0), y upwards.</summary>
    public static IEnumerable<List<(double X1, double Y1, double X2, double Y2)>> Strokes(string text, double size)
    {
        double scale = size / CapitalHeight, x = 0;
        foreach (char character in text)
        {
            if (Glyph(character) is { } glyph)
            {
                var segments = new List<(double, double, double, double)>();
                foreach (string stroke in glyph.Split('|'))
                {
                    (double X, double Y)[] points = [.. stroke.Split(' ').Select(p => (x + ((p[0] - '0') * scale), ((p[1] - '0') - BaseLine) * scale))];
                    for (int i = 1; i < points.Length; i++)
                        segments.Add((points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y));
                }
                yield return segments;
            }
            x += Advance(character) * scale;
        }
    }

    // A character without a glyph shows as a question mark.
    static string? Glyph(char character) => character == ' ' ? null : Glyphs.GetValueOrDefault(character, Glyphs['?']);

    static double Advance(char character) => Glyph(character) is { } glyph ? glyph.Split('|', ' ').Max(p => p[0] - '0') + Gap : SpaceWidth;
}
