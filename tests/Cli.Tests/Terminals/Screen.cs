using System.Text;

namespace Holoflow.Cli.Tests.Terminals;

/// <summary>
/// What a terminal shows after a stream of characters: the sequences of the live view, obeyed as xterm obeys them. Anything else that
/// begins with an escape is a mistake. Lines that have scrolled away are kept; none is wrapped.
/// </summary>
sealed class Screen
{
    readonly List<StringBuilder> _lines = [new()];
    int _row;
    int _column;

    /// <summary>Whether the cursor is hidden.</summary>
    public bool IsCursorHidden { get; private set; }

    /// <summary>How often the picture was drawn anew over the one before.</summary>
    public int Repaints { get; private set; }

    /// <summary>The lines, without spaces at their ends.</summary>
    public IReadOnlyList<string> Lines => [.. _lines.Select(l => l.ToString().TrimEnd()).Reverse().SkipWhile(l => l.Length == 0).Reverse()];

    public static Screen Of(string stream)
    {
        var screen = new Screen();
        for (var i = 0; i < stream.Length; i++)
            i = screen.Take(stream, i);
        return screen;
    }

    int Take(string stream, int at)
    {
        switch (stream[at])
        {
            case '\e':
                return Obey(stream, at);
            case '\r':
                _column = 0;
                return at;
            case '\n':
                _row++;
                if (_row == _lines.Count)
                    _lines.Add(new StringBuilder());
                return at;
            case var c:
                Assert.False(char.IsControl(c), $"the control character {(int)c} reached the terminal");
                var line = _lines[_row];
                line.Append(' ', Math.Max(0, _column + 1 - line.Length));
                line[_column++] = c;
                return at;
        }
    }

    int Obey(string stream, int at)
    {
        // What the runtime itself tells a terminal of its keys changes no picture.
        if (stream[at + 1] is '=' or '>')
            return at + 1;
        Assert.Equal('[', stream[at + 1]);
        var end = at + 2;
        while (!char.IsAsciiLetter(stream[end]))
            end++;
        var (parameter, final) = (stream[(at + 2)..end], stream[end]);
        switch (final)
        {
            case 'A':
                Repaints++;
                _row = Math.Max(0, _row - int.Parse(parameter));
                break;
            case 'K':
                _lines[_row].Length = Math.Min(_lines[_row].Length, _column);
                break;
            case 'J':
                _lines[_row].Length = Math.Min(_lines[_row].Length, _column);
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
            case 'm':
            case 'l' or 'h' when parameter == "?1":
                break;
            case 'l' or 'h' when parameter == "?25":
                IsCursorHidden = final == 'l';
                break;
            default:
                Assert.Fail($"the sequence ESC[{parameter}{final} reached the terminal");
                break;
        }
        return end;
    }
}
