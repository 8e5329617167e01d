using System.Text.Json;

namespace Holoflow.ApiModel.Logs;

/// <summary>How grave a log line is.</summary>
public enum LogLevel
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}

/// <summary>A log line of a run.</summary>
public sealed record LogRow
{
    /// <summary>Its place in the run's log; lines stored later have a higher one.</summary>
    public required long Position { get; init; }

    public required Guid FlowRunId { get; init; }

    public Guid? TaskRunId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required LogLevel Level { get; init; }

    /// <summary>flow, stdout, stderr, agent, or a logger's name.</summary>
    public string? Logger { get; init; }

    public required string Text { get; init; }

    /// <summary>Structured fields: one JSON object.</summary>
    public JsonElement? Fields { get; init; }
}

/// <summary>Which log lines of a run are read.</summary>
public sealed record LogFilter
{
    /// <summary>Lines after this position; null: from the first.</summary>
    public long? After { get; init; }

    /// <summary>At least as grave.</summary>
    public LogLevel? Level { get; init; }

    public Guid? TaskRunId { get; init; }

    /// <summary>A part of the text.</summary>
    public string? Text { get; init; }

    /// <summary>Lines a page: 1 to 10 000; null: 1 000.</summary>
    public int? Limit { get; init; }
}

/// <summary>A page of a run's log, in order of position.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Last">The position to go on after.</param>
/// <param name="More">True: more lines are stored already.</param>
public sealed record LogPage(IReadOnlyList<LogRow> Lines, long Last, bool More);
