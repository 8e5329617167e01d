using System.CommandLine;
using System.CommandLine.Parsing;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Commands;

/// <summary>Options that several commands have, with the one way in which their values are read.</summary>
static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON instead of a table." };

    public static Option<bool> Plain() => new("--plain") { Description = "Plain lines instead of the live view, as in a pipe." };

    public static Option<string[]> Parameters() => new("--param", "-p")
    {
        Description = "A parameter: JSON where it parses as JSON, else a string. May be repeated.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> ParameterFile() => new("--params") { Description = "A file with one JSON object of parameters; -p goes over it.", HelpName = "FILE.json" };

    public static Option<string[]> Tags(string description) => new("--tag", "-t") { Description = description, HelpName = "T", DefaultValueFactory = _ => [] };

    public static Option<DateTimeOffset?> TimeAhead(string name, string description, TimeProvider clock) =>
        Parsed<DateTimeOffset>(name, description, "TIME", (string text, out DateTimeOffset time) => TimeText.TryParseAhead(text, clock, out time), $"is no time: {TimeText.Examples}");

    public static Option<DateTimeOffset?> TimeBehind(string name, string description, TimeProvider clock) =>
        Parsed<DateTimeOffset>(name, description, "TIME", (string text, out DateTimeOffset time) => TimeText.TryParseBehind(text, clock, out time), $"is no time: {TimeText.Examples}, or a duration ago (2h)");

    public static Option<TimeSpan?> Duration(string name, string description) =>
        Parsed<TimeSpan>(name, description, "DURATION", DurationText.TryParse, $"is no duration: {DurationText.Examples}");

    /// <summary>A whole number within limits.</summary>
    public static Option<int?> Number(string name, string description, int least, int most = int.MaxValue) =>
        Parsed<int>(
            name,
            description,
            "N",
            (string text, out int value) => int.TryParse(text, out value) && value >= least && value <= most,
            $"is no whole number {(most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}")}");

    delegate bool TryParse<T>(string text, out T value);

    static Option<T?> Parsed<T>(string name, string description, string help, TryParse<T> parse, string mistake)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = result => Read(result, name, parse, mistake),
        };

    static T? Read<T>(ArgumentResult result, string name, TryParse<T> parse, string mistake)
        where T : struct
    {
        var text = result.Tokens[0].Value;
        if (parse(text, out var value))
            return value;
        result.AddError($"{name} '{text}' {mistake}");
        return null;
    }
}
