using Holoflow.Cli.Input;
using YamlDotNet.RepresentationModel;

namespace Holoflow.Cli.DeploymentFiles;

/// <summary>A mapping of a YAML file whose keys are known; whatever is wrong is named with its line.</summary>
sealed class YamlMap
{
    readonly string _file;
    readonly YamlMappingNode _node;
    readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);

    /// <summary>Reads the mapping's keys.</summary>
    /// <exception cref="CommandException">A key is unknown, not a word, or there twice.</exception>
    public YamlMap(string file, YamlNode node, IReadOnlyList<string> known, string what)
    {
        _file = file;
        _node = node as YamlMappingNode ?? throw Wrong(file, node, $"{what} must be a mapping of keys and values");
        foreach (var (key, value) in _node.Children)
        {
            var word = (key as YamlScalarNode)?.Value ?? throw Wrong(file, key, "a key must be a word");
            if (!known.Contains(word, StringComparer.Ordinal))
                throw Wrong(file, key, $"'{word}' is no key of {what}{Suggestion(word, known)}");
            _values.Add(word, value);
        }
    }

    public static CommandException Wrong(string file, YamlNode node, string problem) =>
        CommandException.BadInput($"{file} line {node.Start.Line}: {problem}");

    public CommandException Wrong(string key, string problem) => Wrong(_file, _values.GetValueOrDefault(key, _node), $"{key} {problem}");

    /// <summary>The value's node; null where the key is missing or its value empty.</summary>
    public YamlNode? Node(string key) =>
        _values.TryGetValue(key, out var value) && value is not YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "~" or "null" } ? value : null;

    public bool Has(string key) => _values.ContainsKey(key);

    public string? Text(string key) => Node(key) switch
    {
        null => null,
        YamlScalarNode { Value: { } text } => text,
        _ => throw Wrong(key, "must be text"),
    };

    public string Required(string key) =>
        Text(key) is { Length: > 0 } text ? text : throw Wrong(_file, _values.GetValueOrDefault(key, _node), $"{key} is missing");

    public int Number(string key, int otherwise) => Text(key) is not { } text
        ? otherwise
        : int.TryParse(text, out var number) && number >= 0 ? number : throw Wrong(key, $"'{text}' is no whole number of at least 0");

    public bool Flag(string key, bool otherwise) => Text(key) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var text => throw Wrong(key, $"'{text}' is neither true nor false"),
    };

    public IReadOnlyList<YamlNode> List(string key) => Node(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children],
        _ => throw Wrong(key, "must be a list"),
    };

    public IReadOnlyList<string> Words(string key) =>
        [.. List(key).Select(n => (n as YamlScalarNode)?.Value is { Length: > 0 } word ? word : throw Wrong(_file, n, $"{key} must be a list of words"))];

    static string Suggestion(string word, IReadOnlyList<string> known)
    {
        var near = NearMatch.Clause(word, known);
        return near == "" ? $"; its keys are {string.Join(", ", known)}" : near;
    }
}
