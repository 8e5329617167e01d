using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Follows the requests that the agent appends for the flow process: cancel, pause, resume.</summary>
sealed class ControlFile : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    readonly RunSession _session;
    readonly NewLines _lines;
    readonly ITimer _timer;
    readonly Lock _gate = new();

    public ControlFile(RunSession session)
    {
        _session = session;
        _lines = new NewLines(session.Directory.Control);
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
            var requests = _lines.Read().Select(Parse).OfType<ControlRequest>().Where(request => IsMeant(request, early)).ToList();
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
