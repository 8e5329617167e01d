using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Follows what the agent appends for the flow process: cancel, pause, resume, slots that were granted.</summary>
sealed class ControlFile : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    readonly RunSession _session;
    readonly NewLines _lines;
    readonly ITimer _timer;
    readonly Lock _gate = new();
    readonly CancellationTokenSource _stopping = new();
    Task _bell = Task.CompletedTask;

    public ControlFile(RunSession session)
    {
        _session = session;
        _lines = new NewLines(session.Directory.Control);
        // What an earlier attempt was asked is not asked of this one, unless it says so.
        RunOnce(early: true);
        _timer = session.Time.CreateTimer(_ => RunOnce(early: false), null, Interval, Interval);
        // A watch costs more than most flows need: they wait for nothing.
        session.Slots.OnFirstWait(() => _bell = Task.Run(FollowClosely));
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await _bell;
        _stopping.Dispose();
    }

    async Task FollowClosely()
    {
        using var bell = new DirectoryBell(_session.Directory.Path, below: false, Path.GetFileName(_session.Directory.Control));
        while (!_stopping.IsCancellationRequested)
        {
            RunOnce(early: false);
            await bell.Wait(Interval, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

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
        switch (request.Kind)
        {
            case ControlKind.Cancel:
                _ = _session.Cancel(request.Reason ?? "cancelled");
                break;
            case ControlKind.Pause or ControlKind.Resume:
                _session.Pause(request.Kind == ControlKind.Pause);
                break;
            case ControlKind.SlotsGranted:
                _session.Slots.Granted(request.Slots ?? []);
                break;
            case ControlKind.Limited:
                _session.Slots.SetLimited(request.Limited ?? []);
                break;
        }
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
