using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.Contracts;

namespace Holoflow.Api.Mapping;

/// <summary>JSON that the store keeps as text.</summary>
static class Json
{
    public static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    public static IReadOnlyList<string> Tags(string json)
    {
        if (json is "[]")
            return [];
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(tag => tag.GetString()!)];
    }

    public static FlowProgram Program(string json)
    {
        var program = JsonSerializer.Deserialize(json, MessageFormat.Of<RunProgram>())!;
        return new FlowProgram
        {
            Path = program.Path,
            Method = program.Method,
            WorkingDirectory = program.WorkingDirectory,
            Environment = program.Environment,
            Retries = program.Retries,
            RetryDelaySeconds = program.RetryDelaySeconds,
            TimeoutSeconds = program.TimeoutSeconds,
            CrashReschedules = program.CrashReschedules,
            FlowVersion = program.FlowVersion,
            Cluster = program.Cluster,
        };
    }

    public static RunProgram Program(FlowProgram program) => new()
    {
        Path = program.Path,
        Method = program.Method,
        WorkingDirectory = program.WorkingDirectory,
        Environment = program.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal),
        Retries = program.Retries,
        RetryDelaySeconds = program.RetryDelaySeconds,
        TimeoutSeconds = program.TimeoutSeconds,
        CrashReschedules = program.CrashReschedules,
        FlowVersion = program.FlowVersion,
        Cluster = program.Cluster,
    };
}
