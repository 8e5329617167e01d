using System.CommandLine;
using System.CommandLine.Parsing;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Commands;

/// <summary>Says in one line what is wrong with a command line.</summary>
static class ParseMistakes
{
    public static string Describe(ParseResult parsed)
    {
        var result = parsed.UnmatchedTokens is [var unknown, ..] ? Before(unknown, parsed) : parsed.CommandResult;
        return $"{Mistake(parsed, result.Command)} (see {NameOf(result)} --help)";
    }

    // A misspelt command may be followed by a word that is a command one level up: the mistake was made before that.
    static CommandResult Before(string unknown, ParseResult parsed)
    {
        var words = parsed.Tokens.ToList();
        var mistake = words.FindIndex(t => t.Value == unknown);
        var result = parsed.CommandResult;
        while (result.Parent is CommandResult parent && words.FindIndex(t => ReferenceEquals(t, result.IdentifierToken)) > mistake)
            result = parent;
        return result;
    }

    static string Mistake(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return Unmatched(unknown, command);
        if (command.Subcommands.Count > 0 && command.Action is null)
            return $"say what to do: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}";
        var error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            // An option's own parser already says all there is to say.
            OptionResult { Tokens.Count: > 0 } => error.Message,
            OptionResult { Implicit: true } or OptionResult { IdentifierTokenCount: 0 } => Missing(((OptionResult)error.SymbolResult).Option),
            OptionResult option => $"{option.Option.Name} needs a value{(option.Option.HelpName is { } help ? $": {option.Option.Name} {help}" : "")}",
            ArgumentResult { Tokens.Count: 0 } argument => $"{argument.Argument.HelpName ?? argument.Argument.Name} is missing",
            CommandResult when command.Options.FirstOrDefault(o => o.Required && parsed.GetResult(o) is null) is { } missing => Missing(missing),
            CommandResult when command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is null or { Tokens.Count: 0 }) is { } missing => $"{missing.HelpName ?? missing.Name} is missing",
            _ => error.Message,
        };
    }

    static string Missing(Option option) => $"{option.Name} {option.HelpName} is required";

    static string Unmatched(string word, Command command)
    {
        if (!word.StartsWith('-'))
            return command.Subcommands.Count > 0
                ? $"'{word}' is no command{NearMatch.Clause(word, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}"
                : $"'{word}' is one word too many";
        var option = word.Split('=')[0];
        var known = command.Options.SelectMany(o => o.Aliases.Append(o.Name)).Where(o => o.StartsWith("--", StringComparison.Ordinal));
        return $"{option} is no option of this command{NearMatch.Clause(option, known)}";
    }

    static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "holoflow";
}
