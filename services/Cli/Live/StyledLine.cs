using System.Text;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Live;

/// <summary>How a piece of a line looks.</summary>
enum Style
{
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
    Busy,
    Caution,
}

/// <summary>A piece of a line; the text is safe for a terminal.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Codes">SGR parameters that its writer gave it, over the style; none: the style alone.</param>
readonly record struct Span(string Text, Style Style = Style.Plain, string Codes = "");

/// <summary>One line of the view, as data: tests read it, the terminal gets colours.</summary>
sealed record StyledLine(IReadOnlyList<Span> Spans)
{
    public static StyledLine Of(params Span[] spans) => new(spans);

    /// <summary>The line without colours, cut to the width.</summary>
    public string Text(int width) => TerminalText.Fit(string.Concat(Spans.Select(s => s.Text)), width);

    /// <summary>The line with colours, cut to the width.</summary>
    public string Ansi(int width)
    {
        var line = new StringBuilder();
        var left = width;
        foreach (var span in Spans)
        {
            if (left <= 0)
                break;
            if (span.Text.Length == 0)
                continue;
            var text = TerminalText.Fit(span.Text, left);
            left -= TerminalText.Cells(text);
            var colour = Colour(span.Style) + (span.Codes.Length > 0 ? $"\e[{span.Codes}m" : "");
            _ = colour.Length > 0 ? line.Append(colour).Append(text).Append(Output.Ansi.Reset) : line.Append(text);
        }
        return line.ToString();
    }

    static string? Colour(Style style) => style switch
    {
        Style.Strong => Output.Ansi.Bold,
        Style.Faint => Output.Ansi.Dim,
        Style.Good => Output.Ansi.Green,
        Style.Bad => Output.Ansi.Red,
        Style.Busy => Output.Ansi.Cyan,
        Style.Caution => Output.Ansi.Yellow,
        _ => null,
    };
}
