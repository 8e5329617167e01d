using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Output;

/// <summary>Times and lists as people read them.</summary>
static class Words
{
    /// <summary>How long ago, or in how long.</summary>
    public static string? Ago(DateTimeOffset? time, DateTimeOffset now) => time switch
    {
        null => null,
        { } past when past <= now => $"{DurationText.Format(now - past)} ago",
        { } ahead => $"in {DurationText.Format(ahead - now)}",
    };

    /// <summary>Local time to the second, with its offset.</summary>
    public static string? Time(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz");

    public static string? Join(IReadOnlyList<string> words) => words.Count == 0 ? null : string.Join(", ", words);

    /// <summary>From start to end; to now where the run has not ended.</summary>
    public static string? Took(DateTimeOffset? start, DateTimeOffset? end, DateTimeOffset now) =>
        start is { } began && (end ?? now) >= began ? DurationText.Format((end ?? now) - began) : null;

    public static string? Deployment(FlowRunRow run) => run.DeploymentName is { } name ? $"{run.FlowName}/{name}" : null;

    /// <summary>The state with its message.</summary>
    public static string State(RunState state) => state.Message is { Length: > 0 } message ? $"{state.Name}: {message}" : state.Name;
}
