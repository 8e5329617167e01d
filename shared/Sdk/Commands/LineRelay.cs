using System.Text;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Relays a stream of a command to a log, line by line as it comes. Over-long lines are cut with a mark.</summary>
sealed class LineRelay(StreamReader stream, RunLogger log, LogLevel level)
{
    const int KeptLines = 20;

    readonly Queue<string> _last = new();
    readonly StringBuilder _line = new();
    long _cut;
    bool _afterReturn;

    /// <summary>The last lines.</summary>
    public IReadOnlyList<string> Last
    {
        get
        {
            lock (_last)
                return [.. _last];
        }
    }

    public async Task Run()
    {
        var buffer = new char[16 * 1024];
        while (await stream.ReadAsync(buffer) is var read and > 0)
            Take(buffer.AsSpan(0, read));
        if (_line.Length > 0)
            EndLine();
    }

    // A progress bar ends its lines with a carriage return alone.
    void Take(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_afterReturn && text[0] == '\n')
                text = text[1..];
            _afterReturn = false;
            var end = text.IndexOfAny('\n', '\r');
            Add(end < 0 ? text : text[..end]);
            if (end < 0)
                return;
            EndLine();
            _afterReturn = text[end] == '\r';
            text = text[(end + 1)..];
        }
    }

    void Add(ReadOnlySpan<char> text)
    {
        var room = Math.Min(text.Length, RunLogger.LongestLine - _line.Length);
        _line.Append(text[..room]);
        _cut += text.Length - room;
    }

    void EndLine()
    {
        if (_cut > 0)
            _line.Append($" …[cut: {_cut} more characters]");
        var line = _line.ToString();
        _line.Clear();
        _cut = 0;
        log.Write(level, line);
        lock (_last)
        {
            _last.Enqueue(line);
            if (_last.Count > KeptLines)
                _last.Dequeue();
        }
    }
}
