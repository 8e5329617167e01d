using System.Threading.Channels;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Logs;
using Holoflow.Contracts;

namespace Holoflow.Standalone.Watching;

/// <summary>
/// What one run of this process does, in the words of the API, from the messages of its agent and state store. Messages may
/// come twice: what was shown is not shown again.
/// </summary>
public sealed class RunWatch
{
    readonly Lock _lock = new();
    readonly Channel<RunUpdate> _updates = Channel.CreateUnbounded<RunUpdate>(new UnboundedChannelOptions { SingleReader = true });
    readonly Dictionary<int, long> _linesShown = [];
    readonly WatchedTasks _tasks;
    readonly Guid _runId;
    FlowRunRow _run;
    long _eventsShown;
    string? _lastSaid;

    /// <param name="run">The run as it is submitted, at version 0.</param>
    public RunWatch(FlowRunRow run)
    {
        _run = run;
        _runId = run.Id;
        _tasks = new WatchedTasks(run);
    }

    /// <summary>The updates, until <see cref="RunEnded"/>; for one reader.</summary>
    public IAsyncEnumerable<RunUpdate> Updates(CancellationToken cancellation = default) => _updates.Reader.ReadAllAsync(cancellation);

    /// <summary>Takes in a request of the agent that was stored.</summary>
    public void Stored(object request)
    {
        lock (_lock)
        {
            switch (request)
            {
                case ReportTasks report when report.RunId == _runId:
                    Show(_tasks.Apply(report.Events.Where(e => e.Sequence > _eventsShown)));
                    _eventsShown = report.Events.Select(e => e.Sequence).Append(_eventsShown).Max();
                    break;
                case LogChunk chunk when chunk.RunId == _runId:
                    ShowLines(chunk.Lines);
                    break;
            }
        }
    }

    /// <summary>Takes in a change of the run's state.</summary>
    public void Changed(RunStateChanged change)
    {
        if (change.RunId != _runId)
            return;
        lock (_lock)
        {
            if (change.Version <= _run.Version)
                return;
            var state = new RunState(Enum.Parse<RunStateType>(change.StateType), change.StateName, change.At, change.Message);
            _run = _run with
            {
                Name = change.RunName,
                Version = change.Version,
                State = state,
                StartedAt = _run.StartedAt ?? (state.Type == RunStateType.Running ? change.At : null),
                EndedAt = state.IsFinal() ? change.At : null,
            };
            _ = _updates.Writer.TryWrite(state.IsFinal() ? new RunEnded(_run) : new RunChanged(_run));
            if (state.IsFinal())
                _ = _updates.Writer.TryComplete();
        }
    }

    /// <summary>Takes in what this process has to say to the person who watches; the same words are told once in a row.</summary>
    public void Said(string text)
    {
        lock (_lock)
        {
            if (string.Equals(text, _lastSaid, StringComparison.Ordinal))
                return;
            _lastSaid = text;
            Show([new ProcessSaid(text)]);
        }
    }

    void ShowLines(IReadOnlyList<LogLine> lines)
    {
        var fresh = new List<LogRow>(lines.Count);
        foreach (var line in lines)
        {
            if (line.Number <= _linesShown.GetValueOrDefault(line.Source))
                continue;
            _linesShown[line.Source] = line.Number;
            fresh.Add(new LogRow
            {
                Position = line.Number,
                FlowRunId = line.NestedRun ?? _runId,
                TaskRunId = line.Task,
                At = line.At,
                Level = (LogLevel)line.Level,
                Logger = line.Logger,
                Text = line.Text,
            });
        }
        if (fresh.Count > 0)
            Show([new LogsWritten(fresh)]);
    }

    void Show(IEnumerable<RunUpdate> updates)
    {
        foreach (var update in updates)
            _ = _updates.Writer.TryWrite(update);
    }
}
