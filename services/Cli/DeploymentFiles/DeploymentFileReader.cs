using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holoflow.ApiModel.Schedules;
using Holoflow.Cli.Input;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Holoflow.Cli.DeploymentFiles;

/// <summary>Reads deployments from a YAML file, one a document.</summary>
static class DeploymentFileReader
{
    /// <summary>All deployments of the file.</summary>
    /// <exception cref="CommandException">Something in it is wrong; the message names file, line and key.</exception>
    public static IReadOnlyList<DeploymentFile> Read(string path)
    {
        var stream = new YamlStream();
        try
        {
            using var text = new StreamReader(path);
            stream.Load(text);
        }
        catch (YamlException e)
        {
            throw CommandException.BadInput($"{path} line {e.Start.Line}, column {e.Start.Column}: {e.Message.Split("): ", 2)[^1]}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"{path} cannot be read: {e.Message}");
        }
        return stream.Documents.Count == 0
            ? throw CommandException.BadInput($"{path} is empty: a deployment has at least the keys {DeploymentKeys.Name} and {DeploymentKeys.Entrypoint}")
            : [.. stream.Documents.Select(d => Deployment(path, d.RootNode))];
    }

    static DeploymentFile Deployment(string path, YamlNode root)
    {
        var map = new YamlMap(path, root, DeploymentKeys.OfDeployment, "a deployment");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new DeploymentFile
        {
            Name = map.Required(DeploymentKeys.Name),
            Entrypoint = Path.Combine(folder, map.Required(DeploymentKeys.Entrypoint)),
            Flow = map.Text(DeploymentKeys.Flow),
            Description = map.Text(DeploymentKeys.Description),
            WorkingDirectory = map.Text(DeploymentKeys.WorkingDirectory) is { } working ? Path.Combine(folder, working) : null,
            Environment = Variables(path, map),
            Infrastructure = map.Text(DeploymentKeys.Infrastructure) ?? "process",
            Cluster = map.Text(DeploymentKeys.Cluster) is { } cluster ? cluster.Contains('/') ? Path.Combine(folder, cluster) : cluster : null,
            Queue = map.Text(DeploymentKeys.Queue) ?? "default",
            Priority = map.Number(DeploymentKeys.Priority, 0),
            CrashReschedules = map.Number(DeploymentKeys.CrashReschedules, 0),
            Tags = map.Words(DeploymentKeys.Tags),
            Parameters = Parameters(path, map) ?? [],
            Schedules = map.Has(DeploymentKeys.Schedules) ? [.. map.List(DeploymentKeys.Schedules).Select(node => Schedule(path, node))] : null,
        };
    }

    static ScheduleSpec Schedule(string path, YamlNode node)
    {
        var map = new YamlMap(path, node, DeploymentKeys.OfSchedule, "a schedule");
        var kinds = new[] { DeploymentKeys.Cron, DeploymentKeys.Interval, DeploymentKeys.Rrule }.Where(k => map.Text(k) is not null).ToList();
        if (kinds.Count != 1)
            throw YamlMap.Wrong(path, node, $"a schedule has exactly one of {DeploymentKeys.Cron}, {DeploymentKeys.Interval} and {DeploymentKeys.Rrule}{(kinds.Count == 0 ? "" : $", not {string.Join(" and ", kinds)}")}");
        return new ScheduleSpec
        {
            Cron = map.Text(DeploymentKeys.Cron),
            IntervalSeconds = Seconds(map, DeploymentKeys.Interval),
            AnchorDate = Anchor(map),
            Rrule = map.Text(DeploymentKeys.Rrule),
            TimeZone = map.Text(DeploymentKeys.TimeZone),
            Active = map.Flag(DeploymentKeys.Active, otherwise: true),
            CatchUp = map.Text(DeploymentKeys.CatchUp) switch
            {
                null or "last" => CatchUp.Last,
                "all" => CatchUp.All,
                "none" => CatchUp.None,
                var other => throw map.Wrong(DeploymentKeys.CatchUp, $"'{other}' is none of all, last and none"),
            },
            ExpirySeconds = Seconds(map, DeploymentKeys.Expiry),
            Parameters = Parameters(path, map) is { } parameters ? JsonElement.Parse(parameters.ToJsonString()) : null,
        };
    }

    static double? Seconds(YamlMap map, string key) => map.Text(key) is not { } text
        ? null
        : DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero ? duration.TotalSeconds : throw map.Wrong(key, $"'{text}' is no duration above 0: {DurationText.Examples}");

    static DateTimeOffset? Anchor(YamlMap map) => map.Text(DeploymentKeys.AnchorDate) is not { } text
        ? null
        : !map.Has(DeploymentKeys.Interval) ? throw map.Wrong(DeploymentKeys.AnchorDate, $"goes with {DeploymentKeys.Interval} only")
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var anchor) ? anchor
        : throw map.Wrong(DeploymentKeys.AnchorDate, $"'{text}' is no time; write 2026-11-22T10:00:00Z");

    static JsonObject? Parameters(string path, YamlMap map) => map.Node(DeploymentKeys.Parameters) switch
    {
        null => null,
        YamlMappingNode node => (JsonObject)new YamlJson(path).Value(node)!,
        _ => throw map.Wrong(DeploymentKeys.Parameters, "must be a mapping of names and values"),
    };

    static Dictionary<string, string> Variables(string path, YamlMap map)
    {
        var node = map.Node(DeploymentKeys.Environment);
        if (node is null)
            return new(StringComparer.Ordinal);
        var variables = node as YamlMappingNode ?? throw map.Wrong(DeploymentKeys.Environment, "must be a mapping of names and values");
        return variables.Children.ToDictionary(
            v => Word(v.Key) is { Length: > 0 } name && !name.Contains('=') && !name.Contains('\0') ? name : throw YamlMap.Wrong(path, v.Key, "this is no name of an environment variable"),
            v => Word(v.Value) ?? throw YamlMap.Wrong(path, v.Value, "an environment variable's value must be text"),
            StringComparer.Ordinal);

        static string? Word(YamlNode part) => (part as YamlScalarNode)?.Value;
    }
}
