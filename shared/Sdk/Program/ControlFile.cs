using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Follows the requests that the agent appends for the flow process: cancel, pause, resume.</summary>
sealed class ControlFile : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    readonly RunSession _session;
    readonly ITimer _timer;
    readonly Lock _gate = new();
    long _read;

    public ControlFile(RunSession session)
    {
        _session = session;
        // What an earlier attempt was asked is not asked of this one, unless it says so.
        RunOnce(early: true);
        _timer = session.Time.CreateTimer(_ => RunOnce(early: false), null, Interval, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>Heeds the requests that are new.</summary>
    /// <returns>How many there were.</returns>
    int RunOnce(bool early)
    {
        lock (_gate)
        {
            var requests = NewLines().Select(Parse).OfType<ControlRequest>().Where(request => IsMeant(request, early)).ToList();
            requests.ForEach(Heed);
            return requests.Count;
        }
    }

    bool IsMeant(ControlRequest request, bool early) =>
        request.Attempt == _session.Description.Attempt || request.Attempt == 0 && (!early || _session.Description.Attempt == 1);

    void Heed(ControlRequest request)
    {
        if (request.Kind == ControlKind.Cancel)
            _ = _session.Cancel(request.Reason ?? "cancelled");
        else
            _session.Pause(request.Kind == ControlKind.Pause);
    }

    List<byte[]> NewLines()
    {
        var lines = new List<byte[]>();
        var file = new FileInfo(_session.Directory.Control);
        if (!file.Exists || file.Length <= _read)
            return lines;
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = _read;
        var bytes = new byte[stream.Length - _read];
        stream.ReadExactly(bytes);
        for (var rest = bytes.AsSpan(); rest.IndexOf((byte)'\n') is var end and >= 0; rest = rest[(end + 1)..])
        {
            lines.Add(rest[..end].ToArray());
            _read += end + 1;
        }
        return lines;
    }

    static ControlRequest? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalFormat.Default.ControlRequest);
        }
        catch (JsonException)
        {
            // A request of a newer agent, or half a line: nothing to heed.
            return null;
        }
    }
}
