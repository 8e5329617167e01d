using System.Text.RegularExpressions;

namespace Holoflow.Contracts;

/// <summary>What an agent's name may be: it names directories, and its user of the broker.</summary>
public static partial class AgentName
{
    public const string Rule = "1 to 100 letters, digits, '.', '_' or '-', the first a letter or digit";

    public static bool IsOne(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
