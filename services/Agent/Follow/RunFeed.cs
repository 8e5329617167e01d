using Holoflow.Contracts;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Agent.Follow;

/// <summary>Collects what a run's files hold and nobody was told yet, in bounded pieces.</summary>
sealed class RunFeed : IDisposable
{
    public const int MostEvents = 500;

    /// <summary>Where a chunk is full, in bytes: with one longest line on top of it, it stays under 256 KiB.</summary>
    public const int ChunkSize = 160 * 1024;

    const int MostFaultsShown = 100;

    readonly TimeProvider _time;
    readonly JournalReader _journal;
    readonly string _journalPath;
    readonly Stream[] _streams;
    ShippedState _state;
    int _turn;

    public RunFeed(RunDirectory directory, int attempt, ShippedState from, AgentOptions options, TimeProvider time)
    {
        _time = time;
        _state = from;
        _journalPath = directory.Journal;
        _journal = new JournalReader(directory.Journal, from.JournalOffset, from.JournalSequence);
        _streams =
        [
            Open(directory.Stdout(attempt), LogSources.Stdout(attempt), "stdout", LogLevel.Information),
            Open(directory.Stderr(attempt), LogSources.Stderr(attempt), "stderr", LogLevel.Information),
            Open(directory.AgentNotes, LogSources.AgentNotes, "agent", LogLevel.Warning),
        ];

        Stream Open(string path, int source, string logger, LogLevel level) =>
            new(Path.GetFileName(path), source, logger, (int)level, new LineTail(path, options.StreamLimit, from.Streams.GetValueOrDefault(Path.GetFileName(path))), new DrawnOver(options.RedrawEvery, time));
    }

    /// <summary>Bytes of half a line at the journal's end.</summary>
    public long Torn => _journal.Torn;

    /// <summary>The next piece; empty where there is nothing new.</summary>
    /// <param name="final">The processes are gone: nothing more will be written.</param>
    public Shipment Collect(bool final)
    {
        var before = _state;
        var events = new List<RunEvent>();
        var lines = new List<LogLine>();
        var size = 0;

        // In turns, so that a talkative stream does not keep the others waiting.
        for (var i = 0; i <= _streams.Length && size < ChunkSize; i++)
        {
            var turn = (_turn + i) % (_streams.Length + 1);
            size += turn == 0 ? ReadJournal(events, lines, ChunkSize - size) : ReadStream(_streams[turn - 1], lines, ChunkSize - size, final);
        }

        _turn = (_turn + 1) % (_streams.Length + 1);
        return new Shipment(events, lines, _state, _state != before || lines.Count > 0, events.Count >= MostEvents || size >= ChunkSize / 2);
    }

    /// <summary>True where a file is longer, or shorter, than what was read of it.</summary>
    public bool HasGrown() => Length(_journalPath) != _state.JournalOffset + _journal.Torn || _streams.Any(s => s.Tail.HasGrown());

    public void Dispose()
    {
        _journal.Dispose();
        foreach (var stream in _streams)
            stream.Tail.Dispose();
    }

    static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    int ReadJournal(List<RunEvent> events, List<LogLine> lines, int budget)
    {
        var size = 0;
        while (size < budget && events.Count < MostEvents && _journal.Next() is { } line)
        {
            if (line.Entry is { } entry)
                size += Take(entry, line, events, lines);
            else
                size += TakeFault(line, lines);
            _state = _state with { JournalOffset = line.End, JournalSequence = line.Entry?.Sequence ?? _state.JournalSequence };
        }

        return size;
    }

    int Take(JournalEntry entry, ReadEntry line, List<RunEvent> events, List<LogLine> lines)
    {
        switch (entry)
        {
            case Logged logged:
                var text = JournalEvents.ToLine(logged);
                lines.Add(text);
                return text.Text.Length + LineTail.LineOverhead;
            case FlowStarted started:
                _state = _state with { StartedAttempt = Math.Max(started.Attempt, _state.StartedAttempt) };
                return 0;
            case FlowEnded ended:
                _state = _state with { Ending = new FlowEnding(ended.Attempt, ended.Type, ended.Name, LogText.Visible(ended.Message), ended.Result) };
                return 0;
            default:
                if (JournalEvents.ToEvent(entry) is { } told)
                    events.Add(told);
                // A large artifact counts as what it is.
                return (int)Math.Min(line.Length / 4, ChunkSize);
        }
    }

    int TakeFault(ReadEntry line, List<LogLine> lines)
    {
        var faults = _state.FaultyLines + 1;
        _state = _state with { FaultyLines = faults };
        if (faults > MostFaultsShown)
            return 0;
        var more = faults == MostFaultsShown ? "; further faulty lines are left out without a word" : "";
        var text = LogText.Bound($"a line of the run journal at byte {line.Offset} is left out: {line.Fault}{more}");
        lines.Add(new LogLine(LogSources.FaultyJournalLines, line.Offset + 1, _time.GetUtcNow(), (int)LogLevel.Warning, null, "agent", text));
        return text.Length + LineTail.LineOverhead;
    }

    int ReadStream(Stream stream, List<LogLine> lines, int budget, bool final)
    {
        var now = _time.GetUtcNow();
        var size = stream.Tail.Read(
            (number, text) => lines.Add(new LogLine(stream.Source, number, now, stream.Level, null, stream.Logger, text)),
            budget,
            final);
        if (size > 0 || _state.Streams.GetValueOrDefault(stream.File) != stream.Tail.Position)
            _state = _state with { Streams = new Dictionary<string, StreamPosition>(_state.Streams, StringComparer.Ordinal) { [stream.File] = stream.Tail.Position } };
        if (!final && stream.Drawn.Take(stream.Tail) is var (end, drawn))
        {
            lines.Add(new LogLine(LogSources.DrawnOver(stream.Source), end, now, stream.Level, null, stream.Logger, drawn));
            size += drawn.Length + LineTail.LineOverhead;
        }

        return size;
    }

    sealed record Stream(string File, int Source, string Logger, int Level, LineTail Tail, DrawnOver Drawn);
}

/// <summary>A piece on its way.</summary>
/// <param name="Events">For the state store.</param>
/// <param name="Lines">For log ingest.</param>
/// <param name="After">What is shipped when both are acknowledged.</param>
/// <param name="HasNews">False: nothing new was read.</param>
/// <param name="IsFull">More may wait: no need to let it grow.</param>
sealed record Shipment(IReadOnlyList<RunEvent> Events, IReadOnlyList<LogLine> Lines, ShippedState After, bool HasNews, bool IsFull);
