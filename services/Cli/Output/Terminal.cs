using System.Text;

namespace Holoflow.Cli.Output;

/// <summary>Standard output as a terminal.</summary>
sealed class Terminal(Stream output, Func<(int Width, int Height)> size)
{
    public static Terminal Open() => new(Console.OpenStandardOutput(), ConsoleSize);

    /// <summary>True where standard output is a terminal, and its user has not said by NO_COLOR (no-color.org) that no colours are wanted.</summary>
    public static bool ShowsColours => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "" && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Columns and rows now.</summary>
    public (int Width, int Height) Size() => size();

    /// <summary>Writes all of the text in one call, so that a repaint does not flicker.</summary>
    public void Write(string text)
    {
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Flush();
    }

    static (int Width, int Height) ConsoleSize()
    {
        // A terminal that does not tell its size (a pipe made to look like one) says 0.
        var (width, height) = (Console.WindowWidth, Console.WindowHeight);
        return (width > 0 ? width : 80, height > 0 ? height : 24);
    }
}
