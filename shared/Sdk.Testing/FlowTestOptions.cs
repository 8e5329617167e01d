namespace Holoflow.Sdk.Testing;

/// <summary>How a tested flow is run. Every member has a default that works: a test changes the one that it is about.</summary>
public sealed record FlowTestOptions
{
    public static FlowTestOptions Default { get; } = new();

    /// <summary>The clock of retry delays, timeouts and time stamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string RunName { get; init; } = "test-run";

    public string? DeploymentName { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Where results that other runs may take are cached; null: in the run directory, so that no test sees another's.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The run directory; null: a temporary one, which is removed with the test.</summary>
    public string? RunDirectory { get; init; }
}
