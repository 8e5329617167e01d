using Holoflow.Cli.Input;
using Holoflow.RunProtocol;

namespace Holoflow.Cli.Settings;

/// <summary>One thing that a profile can set; named as the environment variable that overrides it.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Meaning">For people.</param>
/// <param name="Problem">What is wrong with a value; null: nothing.</param>
sealed record Setting(string Name, string Meaning, Func<string, string?> Problem)
{
    public static readonly Setting ApiUrl = new(RunEnvironment.ApiUrl, "The server's address; unset: no server, history in the state directory.", UrlProblem);

    public static readonly Setting ApiKeyFile = new(RunEnvironment.ApiKeyFile, "A file that holds the API token.", value =>
        !Path.IsPathRooted(value) ? "is not an absolute path" : File.Exists(value) ? null : "names a file that does not exist");

    public static readonly Setting ApiKey = new(RunEnvironment.ApiKey, "The API token.", value =>
        value.Length >= 32 && value.All(c => c is > ' ' and <= '~') ? null : "is no API token: 32 characters or more of printable ASCII are expected") { IsSecret = true };

    public static readonly IReadOnlyList<Setting> All = [ApiUrl, ApiKey, ApiKeyFile];

    /// <summary>True where the value is shown nowhere and never stands on a command line.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The setting with the name.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static Setting Named(string name) =>
        All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw CommandException.BadInput($"'{name}' is no setting; the settings are {string.Join(", ", All.Select(s => s.Name))}{NearMatch.Clause(name, All.Select(s => s.Name))}");

    /// <summary>Refuses a malformed value, naming where it came from.</summary>
    /// <exception cref="CommandException">The value is wrong.</exception>
    public void Check(string value, string source)
    {
        if (Problem(value) is { } problem)
            throw CommandException.BadInput(IsSecret ? $"{Name} ({source}) {problem}" : $"{Name} '{value}' ({source}) {problem}");
    }

    static string? UrlProblem(string value) =>
        !Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            ? "is not an address like http://127.0.0.1:4200"
            : url.UserInfo != "" ? $"holds a user or password; put the token in a file and set {RunEnvironment.ApiKeyFile}"
            : url.Query != "" || url.Fragment != "" ? "has a query or fragment; write only scheme, host and port"
            : null;
}
