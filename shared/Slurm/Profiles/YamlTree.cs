using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Holoflow.Slurm.Profiles;

/// <summary>A YAML mapping that is taken apart key by key; what is wrong is collected with its line.</summary>
sealed class YamlTree(YamlMappingNode node, List<ProfileFault> faults)
{
    readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Reads a text as one mapping; null, and a fault, where it is none.</summary>
    public static YamlTree? Read(string text, List<ProfileFault> faults)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return new(root, faults);
            faults.Add(new(0, stream.Documents.Count > 1 ? "it has more than one YAML document" : "it is not a list of 'key: value' lines"));
        }
        catch (YamlException e)
        {
            faults.Add(new(e.Start.Line, $"it is no YAML: {e.InnerException?.Message ?? e.Message}"));
        }

        return null;
    }

    public long Line(string key) => Node(key)?.Start.Line ?? 0;

    public string? Text(string key)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case YamlScalarNode scalar:
                return IsNull(scalar) ? null : scalar.Value;
            case var other:
                faults.Add(new(other.Start.Line, $"'{key}' is to be one value"));
                return null;
        }
    }

    public IReadOnlyList<(string Text, long Line)> Texts(string key)
    {
        switch (Take(key))
        {
            case null:
                return [];
            case YamlScalarNode scalar when IsNull(scalar):
                return [];
            case YamlSequenceNode list when list.Children.All(child => child is YamlScalarNode):
                return [.. list.Children.Cast<YamlScalarNode>().Select(child => (child.Value ?? "", child.Start.Line))];
            case var other:
                faults.Add(new(other.Start.Line, $"'{key}' is to be a list, one '- value' a line"));
                return [];
        }
    }

    public YamlTree? Tree(string key)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                return new(mapping, faults);
            case var other:
                faults.Add(new(other.Start.Line, $"'{key}' is to hold keys of its own"));
                return null;
        }
    }

    public int? Whole(string key, int least)
    {
        if (Text(key) is not { } text)
            return null;
        if (int.TryParse(text, out var number) && number >= least)
            return number;
        faults.Add(new(Line(key), $"'{key}' is '{text}': a whole number, at least {least}, is wanted"));
        return null;
    }

    /// <summary>The keys that nobody asked for, with their lines.</summary>
    public IEnumerable<(string Key, long Line)> Rest() =>
        node.Children.Keys.Select(key => (Key: (key as YamlScalarNode)?.Value ?? key.ToString(), key.Start.Line)).Where(key => !_taken.Contains(key.Key));

    YamlNode? Take(string key)
    {
        _taken.Add(key);
        return Node(key);
    }

    YamlNode? Node(string key) => node.Children.FirstOrDefault(child => child.Key is YamlScalarNode { Value: var name } && string.Equals(name, key, StringComparison.Ordinal)).Value;

    static bool IsNull(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";
}
