using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Holoflow.Slurm.Submission;

/// <summary>One option of sbatch that a cluster profile adds; made by <see cref="TryParse"/> only, so that each has been checked.</summary>
public sealed partial record Directive
{
    Directive(string name, string? value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The option's long name, without dashes.</summary>
    public string Name { get; }

    /// <summary>Its value; null for a switch.</summary>
    public string? Value { get; }

    /// <summary>The one argument of sbatch that says it.</summary>
    public string Argument => Value is null ? $"--{Name}" : $"--{Name}={Value}";

    /// <summary>Reads <c>--qos=high</c>, <c>--qos high</c>, <c>-q high</c>, <c>--exclusive</c>, with or without <c>#SBATCH</c> before it.</summary>
    /// <param name="text">The directive.</param>
    /// <param name="directive">What it says.</param>
    /// <param name="fault">What is wrong with it, and what would be right.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Directive? directive, [NotNullWhen(false)] out string? fault)
    {
        directive = null;
        var match = Form().Match(text);
        if (!match.Success)
        {
            fault = $"'{Shown(text)}' is no option of sbatch: write '--name=value' or '--name', one a line";
            return false;
        }

        var name = match.Groups["long"].Success ? match.Groups["long"].Value : DirectiveRules.LongNames.GetValueOrDefault(match.Groups["short"].Value[0], "");
        var value = match.Groups["value"].Success ? Unquoted(match.Groups["value"].Value.Trim()) : null;
        fault = Fault(text, name, value);
        if (fault is null)
            directive = new(name, value);
        return fault is null;
    }

    static string? Fault(string text, string name, string? value)
    {
        if (DirectiveRules.Ours.TryGetValue(name, out var whose))
            return $"'{Shown(text)}': --{name} is {whose}";
        if (!DirectiveRules.Allowed.TryGetValue(name, out var rule))
            return $"'{Shown(text)}': {(name.Length > 0 ? $"--{name}" : "this option")} is not among the options that may be added: {string.Join(", ", DirectiveRules.Allowed.Keys.Order(StringComparer.Ordinal))}";
        if (value is null)
            return rule.MayBeSwitch ? null : $"'{Shown(text)}': --{name} wants a value, {rule.Wants}";
        return rule.Pattern is { } pattern && pattern.IsMatch(value) ? null : $"'{Shown(text)}': --{name} wants {(rule.Pattern is null ? "no value" : rule.Wants)}";
    }

    static string Unquoted(string value) => value.Length > 1 && value[0] == value[^1] && value[0] is '"' or '\'' ? value.Trim(value[0]) : value;

    static string Shown(string text) => new([.. text.Take(80).Select(c => char.IsControl(c) ? '\ufffd' : c)]);

    [GeneratedRegex(@"\A\s*(#SBATCH\s+)?(--(?<long>[a-z][a-z0-9-]*)(\s*=\s*|[ \t]+)(?<value>[^\r\n]+)|--(?<long>[a-z][a-z0-9-]*)|-(?<short>[A-Za-z])[ \t]*(?<value>[^\r\n-][^\r\n]*)?)[ \t]*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
