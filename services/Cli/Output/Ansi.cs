namespace Holoflow.Cli.Output;

/// <summary>The few terminal sequences that the live view uses.</summary>
static class Ansi
{
    public const string Reset = "\e[0m";
    public const string Bold = "\e[1m";
    public const string Dim = "\e[2m";
    public const string Red = "\e[31m";
    public const string Green = "\e[32m";
    public const string Yellow = "\e[33m";
    public const string Cyan = "\e[36m";
    public const string HideCursor = "\e[?25l";
    public const string ShowCursor = "\e[?25h";
    public const string ClearToLineEnd = "\e[K";
    public const string ClearBelow = "\e[J";

    public static string Up(int lines) => $"\e[{lines}A";
}
