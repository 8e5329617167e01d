using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Submission;

namespace Holoflow.Slurm.Profiles;

/// <summary>Reads cluster profiles.</summary>
public static class ProfileReader
{
    static readonly string[] Keys =
        ["partition", "account", "cores", "processes", "memory", "walltime", "extra_directives", "prologue", "log_directory", "minimum_allocations", "maximum_allocations", "calls_per_minute",
        "idle_timeout", "after_crash"];

    /// <exception cref="ProfileException">It has mistakes; all of them are told.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ClusterProfile> ReadFile(string path, CancellationToken cancellation) =>
        Read(Path.GetFileNameWithoutExtension(path), await File.ReadAllTextAsync(path, cancellation), path);

    /// <inheritdoc cref="ReadFile"/>
    public static ClusterProfile Read(string name, string text, string? file = null)
    {
        var faults = new List<ProfileFault>();
        var profile = YamlTree.Read(text, faults) is { } tree ? Profile(name, tree, faults) : new(name);
        return faults.Count == 0 ? profile : throw new ProfileException(file ?? name, [.. faults.OrderBy(f => f.Line)]);
    }

    static ClusterProfile Profile(string name, YamlTree tree, List<ProfileFault> faults)
    {
        var profile = new ClusterProfile(
            name, NameOf(tree, "partition", faults), NameOf(tree, "account", faults), tree.Whole("cores", 1) ?? 1, tree.Whole("processes", 1) ?? 1, Memory(tree, faults), Walltime(tree, faults),
            Directives(tree.Texts("extra_directives"), faults), Prologue(tree.Texts("prologue"), faults), LogDirectory(tree, faults), tree.Whole("minimum_allocations", 0) ?? 0,
            tree.Whole("maximum_allocations", 1) ?? 10, tree.Whole("calls_per_minute", 4) ?? 30,
            tree.Whole("idle_timeout", 0) ?? 120, AfterCrash(tree, faults));
        if (profile.MinimumAllocations > profile.MaximumAllocations)
            faults.Add(new(tree.Line("minimum_allocations"), $"'minimum_allocations' is {profile.MinimumAllocations}, more than 'maximum_allocations', which is {profile.MaximumAllocations}"));
        if (profile.Processes > profile.Cores)
            faults.Add(new(tree.Line("processes"), $"'processes' is {profile.Processes}, more than 'cores', which is {profile.Cores}"));
        foreach (var (key, line) in tree.Rest())
            faults.Add(new(line, $"'{key}' is not a key of a profile{Nearest(key)}: they are {string.Join(", ", Keys)}"));
        return profile;
    }

    static string? NameOf(YamlTree tree, string key, List<ProfileFault> faults)
    {
        var text = tree.Text(key);
        if (text is not null && !DirectiveRules.IsName(text))
            faults.Add(new(tree.Line(key), $"'{key}' is not a name: letters, digits and . _ @ + - are allowed"));
        return text;
    }

    static long? Memory(YamlTree tree, List<ProfileFault> faults)
    {
        if (tree.Text("memory") is not { } text)
            return null;
        var memory = Quantity.MiB(text);
        if (memory is null)
            faults.Add(new(tree.Line("memory"), $"'memory' is '{text}': a number with its unit is wanted, such as 16GB or 900MiB"));
        return memory;
    }

    static TimeSpan? Walltime(YamlTree tree, List<ProfileFault> faults)
    {
        if (tree.Text("walltime") is not { } text)
            return null;
        var time = Quantity.Time(text);
        if (time is null)
            faults.Add(new(tree.Line("walltime"), $"'walltime' is '{text}': a time is wanted, such as 02:30:00, 1-00:00:00 or 90 (minutes)"));
        return time;
    }

    internal static IReadOnlyList<Directive> Directives(IReadOnlyList<(string Text, long Line)> texts, List<ProfileFault> faults)
    {
        var directives = new List<Directive>();
        foreach (var (text, line) in texts)
        {
            if (Directive.TryParse(text, out var directive, out var fault))
                directives.Add(directive);
            else
                faults.Add(new(line, fault));
        }

        return directives;
    }

    static IReadOnlyList<string> Prologue(IReadOnlyList<(string Text, long Line)> lines, List<ProfileFault> faults)
    {
        foreach (var (text, line) in lines.Where(l => SlurmText.Fault(l.Text) is not null))
            faults.Add(new(line, $"a line of 'prologue' {SlurmText.Fault(text)}"));
        return [.. lines.Select(line => line.Text)];
    }

    static string? LogDirectory(YamlTree tree, List<ProfileFault> faults)
    {
        var path = tree.Text("log_directory");
        if (path is not null && (!path.StartsWith('/') || SlurmText.LineFault(path) is not null || path.Contains('\\')))
            faults.Add(new(tree.Line("log_directory"), "'log_directory' is to be an absolute path, without line breaks or backslashes"));
        return path?.TrimEnd('/');
    }

    static bool AfterCrash(YamlTree tree, List<ProfileFault> faults)
    {
        if (tree.Text("after_crash") is not { } text || text is "adopt")
            return false;
        if (text != "cancel")
            faults.Add(new(tree.Line("after_crash"), $"'after_crash' is '{text}': 'adopt' (a flow that is started again goes on with its jobs) or 'cancel' is wanted"));
        return true;
    }

    static string Nearest(string key) =>
        Keys.MinBy(known => Distance(known, key)) is { } nearest && Distance(nearest, key) <= 3 ? $" (did you mean '{nearest}'?)" : "";

    /// <summary>How many letters differ: Levenshtein's distance.</summary>
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
