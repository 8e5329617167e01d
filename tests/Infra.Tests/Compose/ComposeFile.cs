using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Holoflow.Infra.Tests.Compose;

/// <summary>docker-compose.yml, with its merged keys in place.</summary>
static class ComposeFile
{
    static readonly Lazy<Dictionary<object, object>> Content = new(Read);

    public static string Path => System.IO.Path.Combine(Checkout.Root, "docker-compose.yml");

    public static IReadOnlyDictionary<string, ComposeService> Services { get; } =
        ((Dictionary<object, object>)Content.Value["services"]).ToDictionary(s => (string)s.Key, s => new ComposeService((string)s.Key, (Dictionary<object, object>)s.Value), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Volumes { get; } = [.. ((Dictionary<object, object>)Content.Value["volumes"]).Keys.Cast<string>()];

    public static Dictionary<object, object> Network(string name) => (Dictionary<object, object>)((Dictionary<object, object>)Content.Value["networks"])[name];

    static Dictionary<object, object> Read()
    {
        using var file = File.OpenText(Path);
        return new Deserializer().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(file)));
    }
}

/// <summary>One service of the file.</summary>
sealed class ComposeService(string name, Dictionary<object, object> content)
{
    public string Name { get; } = name;

    public string? Restart => content.GetValueOrDefault("restart") as string;

    public string? Image => content.GetValueOrDefault("image") as string;

    /// <summary>It does something and ends.</summary>
    public bool EndsByItself => Restart == "no";

    public bool HasProfile => content.ContainsKey("profiles");

    public Dictionary<object, object>? Build => Map("build");

    public Dictionary<object, object>? HealthCheck => Map("healthcheck");

    public IReadOnlyDictionary<string, string> Environment => Map("environment")?.ToDictionary(e => (string)e.Key, e => (string)e.Value, StringComparer.Ordinal) ?? [];

    /// <summary>The condition of each service that it waits for.</summary>
    public IReadOnlyDictionary<string, string> DependsOn =>
        Map("depends_on")?.ToDictionary(d => (string)d.Key, d => (string)((Dictionary<object, object>)d.Value)["condition"], StringComparer.Ordinal) ?? [];

    public IReadOnlyList<string> Ports => List("ports");

    public IReadOnlyList<string> Networks => List("networks");

    public IReadOnlyList<string> Volumes => List("volumes");

    public IReadOnlyList<string> DroppedCapabilities => List("cap_drop");

    public IReadOnlyList<string> SecurityOptions => List("security_opt");

    IReadOnlyList<string> List(string key) => content.GetValueOrDefault(key) is List<object> list ? [.. list.Cast<string>()] : [];

    Dictionary<object, object>? Map(string key) => content.GetValueOrDefault(key) as Dictionary<object, object>;
}
