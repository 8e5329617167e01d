namespace Holoflow.LogIngest;

/// <summary>How much of a log is kept.</summary>
public sealed record LogIngestOptions
{
    /// <summary>The most lines that are kept of one run; one more says that the rest was left out. Null: all of them.</summary>
    public long? MostLinesPerRun { get; init; } = 5_000_000;

    /// <summary>The most characters of a line that are kept; a mark tells how many there were.</summary>
    public int LongestLine { get; init; } = 65_536;

    /// <summary>For how many days after the day of their run lines are kept, on PostgreSQL. Null: for ever.</summary>
    public int? KeepDays { get; init; }

    /// <summary>How much of the log is kept in bytes, with its indexes, on PostgreSQL: beyond it the oldest days go. Null: all of it.</summary>
    public long? KeepBytes { get; init; }
}
