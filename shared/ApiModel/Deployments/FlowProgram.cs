using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.Deployments;

/// <summary>Where a flow's program lies and how it is started. Nothing is copied.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FlowProgram
{
    /// <summary>Absolute path of the .dll or executable.</summary>
    public required string Path { get; init; }

    public string? Method { get; init; }

    /// <summary>Absolute; null: the run directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Environment variables over the agent's.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public int Retries { get; init; }

    public double RetryDelaySeconds { get; init; }

    /// <summary>0: none.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>How often a crashed run is scheduled again by itself.</summary>
    public int CrashReschedules { get; init; }

    public string? FlowVersion { get; init; }

    /// <summary>The cluster profile (its name, or its file, where the agent is) that the run is a Slurm job of; null: a process of the agent's machine.</summary>
    public string? Cluster { get; init; }
}
