using System.Text.Json.Serialization;

namespace Holoflow.Contracts;

/// <summary>
/// Log lines of one run, in order, each numbered at its source. Lines that are stored already (same run, source, number) are dropped.
/// </summary>
[Message("log-chunk", Addresses.Logs, Identity = "RunId, Lines.Source, Lines.Number")]
public sealed record LogChunk(Guid RunId, string AgentId, IReadOnlyList<LogLine> Lines) : IBulk, IOfRun
{
    [JsonIgnore]
    public Guid ShardedBy => RunId;
}

/// <param name="Source">Which numbered stream: 0 the journal; 2 × attempt − 1 its attempt's standard output; 2 × attempt its standard error; −1 the agent's notes; −2 faulty lines of the journal; −3 − a stream's: how a line of it stood that is drawn over and not ended.</param>
/// <param name="Number">The journal's sequence, or the line's number in its stream, from 1; of a faulty line, its offset in the journal plus 1; of a line that is drawn over, the offset of its end.</param>
/// <param name="At">When it was written (journal) or read (streams).</param>
/// <param name="Level">0 trace to 5 critical.</param>
/// <param name="Task">The task run, where one is known.</param>
/// <param name="Logger">flow, stdout, stderr, agent, or a logger's name.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record LogLine(int Source, long Number, DateTimeOffset At, int Level, Guid? Task, string? Logger, string Text)
{
    /// <summary>The nested run the line belongs to; null: the run itself.</summary>
    public Guid? NestedRun { get; init; }

    /// <summary>Structured fields as a JSON object.</summary>
    public string? Fields { get; init; }
}

/// <summary>New lines of a run can be read.</summary>
[Message("logs-stored", Addresses.LogsStored, Identity = "RunId")]
public sealed record LogsStored(Guid RunId, int Count) : IRouted
{
    public string RoutingKey => $"logs.{RunId:N}";
}
