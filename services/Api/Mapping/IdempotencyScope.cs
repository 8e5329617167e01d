using Stored = Holoflow.Persistence.Model;

namespace Holoflow.Api.Mapping;

/// <summary>A caller's key counts for one deployment, or for one flow where a run has none: the same key elsewhere is another one.</summary>
static class IdempotencyScope
{
    public static string Of(Guid deploymentId, string key) => $"{deploymentId:N}:{key}";

    public static string Of(string flow, string key) => $"{flow}:{key}";

    /// <summary>The key as the caller gave it.</summary>
    public static string? KeyOf(Stored.FlowRunRow run)
    {
        if (run.IdempotencyKey is not { } kept)
            return null;
        var scope = run.DeploymentId is { } deployment ? Of(deployment, "") : Of(run.FlowName, "");
        return kept.StartsWith(scope, StringComparison.Ordinal) ? kept[scope.Length..] : kept;
    }
}
