using System.Collections.Concurrent;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Agent.Tests.Bench;

/// <summary>
/// Answers an agent as the contracts say: a run is granted once, reports of an old epoch are refused, events and lines that
/// are there already are dropped. Keeps all it is told.
/// </summary>
sealed class RecordingStore : IAsyncDisposable
{
    readonly IMessageBus _bus;
    readonly Lock _lock = new();
    readonly Dictionary<Guid, StoredRun> _runs = [];
    readonly List<IAsyncDisposable> _handlers = [];
    readonly List<(Func<bool> Holds, TaskCompletionSource Told)> _waiting = [];

    public RecordingStore(IMessageBus bus)
    {
        _bus = bus;
        Open();
    }

    /// <summary>How long a test waits for what it waits for.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Long: where a test is not about leases, no renewal tells an agent in passing what a message is about to.</summary>
    public double LeaseSeconds { get; set; } = 3600;

    public ConcurrentQueue<AgentCapacityChanged> Capacity { get; } = new();

    /// <summary>As the agent told last; -1 before it told anything.</summary>
    public int FreeSlots => Capacity.LastOrDefault()?.FreeSlots ?? -1;

    public int Renewals { get; private set; }

    /// <summary>Answers that are lost: the request is carried out, and the agent hears of a time-out.</summary>
    public int LoseAnswers { get; set; }

    /// <summary>Handlers of requests are there; disposed of, the server is away.</summary>
    public void Open()
    {
        _handlers.Add(_bus.Handle<ClaimRun, ClaimAnswered>((m, _) => Answer(() => Claim(m))));
        _handlers.Add(_bus.Handle<ReportRun, CommandAnswered>((m, _) => Answer(() => Report(m))));
        _handlers.Add(_bus.Handle<ReportTasks, CommandAnswered>((m, _) => Answer(() => Report(m))));
        _handlers.Add(_bus.Handle<LogChunk, CommandAnswered>((m, _) => Answer(() => Store(m))));
        _handlers.Add(_bus.Handle<RenewLeases, LeasesRenewed>((m, _) => Answer(() => Renew(m))));
        _handlers.Add(_bus.Subscribe<AgentCapacityChanged>(new Subscription("agent.#"), (m, _) =>
        {
            Locked(() => Capacity.Enqueue(m));
            return ValueTask.CompletedTask;
        }));
    }

    public async Task GoAway()
    {
        foreach (var handler in _handlers)
            await handler.DisposeAsync();
        _handlers.Clear();
    }

    /// <summary>Puts a run in, and offers it.</summary>
    public async Task<StoredRun> Submit(GrantedRun run)
    {
        var stored = new StoredRun(run);
        lock (_lock)
            _runs[run.RunId] = stored;
        await Offer(stored);
        return stored;
    }

    public Task Offer(StoredRun run) =>
        _bus.Publish(new RunOffered(Guid.CreateVersion7(), run.Run.RunId, run.Run.Queue, run.Run.Tags, DateTimeOffset.MaxValue)).AsTask();

    public Task Control(StoredRun run, WantedOfRun wanted)
    {
        lock (_lock)
            run.Wanted = wanted;
        return _bus.Publish(new RunControl(run.AgentId!, run.Run.RunId, run.Run.Epoch, wanted, "asked by a test")).AsTask();
    }

    /// <summary>Somebody else has the run now.</summary>
    public void TakeAway(StoredRun run) => Locked(() => run.IsTakenAway = true);

    /// <summary>Ends when the condition holds; looked at after each message.</summary>
    public Task Until(Func<bool> holds)
    {
        lock (_lock)
        {
            if (holds())
                return Task.CompletedTask;
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((holds, told));
            return told.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    public async Task<ReportRun> End(StoredRun run)
    {
        await Until(() => run.End is not null);
        return run.End!;
    }

    public async ValueTask DisposeAsync() => await GoAway();

    ValueTask<T> Answer<T>(Func<T> handle)
    {
        T? answer = default;
        Locked(() =>
        {
            answer = handle();
            if (LoseAnswers-- > 0)
                throw new TimeoutException("the answer was lost on its way");
        });
        return ValueTask.FromResult(answer!);
    }

    void Locked(Action handle)
    {
        lock (_lock)
        {
            handle();
            foreach (var waiting in _waiting.Where(w => w.Holds()).ToList())
            {
                _waiting.Remove(waiting);
                waiting.Told.SetResult();
            }
        }
    }

    ClaimAnswered Claim(ClaimRun claim)
    {
        if (!_runs.TryGetValue(claim.RunId, out var run))
            return new ClaimAnswered(false, "no such run");
        if (run.AgentId is not null && (run.AgentId != claim.AgentId || run.OfferId != claim.OfferId))
            return new ClaimAnswered(false, $"the run is held by agent '{run.AgentId}'");
        run.AgentId = claim.AgentId;
        run.OfferId = claim.OfferId;
        return new ClaimAnswered(true, null, run.Run with { LeaseSeconds = LeaseSeconds });
    }

    CommandAnswered Report(ReportRun report)
    {
        var run = _runs[report.RunId];
        if (report.Epoch != run.Run.Epoch || run.IsTakenAway)
            return new CommandAnswered(CommandOutcome.Refused, "fenced");
        if (run.End is not null || (report.Report == RunReport.Started && run.Reports.Any(r => r.Report == RunReport.Started)))
            return new CommandAnswered(CommandOutcome.Ignored);
        if (report.Report == RunReport.GivenBack && run.Reports.Any(r => r.Report == RunReport.Started))
            return new CommandAnswered(CommandOutcome.Refused, "the run was started: report how it ended");
        run.Reports.Add(report);
        if (report.Report != RunReport.Started)
            run.End = report;
        return new CommandAnswered(CommandOutcome.Accepted);
    }

    CommandAnswered Report(ReportTasks report)
    {
        var run = _runs[report.RunId];
        if (report.Epoch != run.Run.Epoch || run.IsTakenAway)
            return new CommandAnswered(CommandOutcome.Refused, "fenced");
        run.Allocations.AddRange(report.Events.Select(e => e.Allocation).OfType<AllocationReport>());
        if (report.Events.All(e => e.Sequence == 0))
            return new CommandAnswered(CommandOutcome.Accepted);
        run.Batches.Add(report.Events.Count);
        run.Events.AddRange(report.Events.Where(e => e.Sequence > (run.Events.Count == 0 ? 0 : run.Events[^1].Sequence)));
        return new CommandAnswered(CommandOutcome.Accepted);
    }

    CommandAnswered Store(LogChunk chunk)
    {
        var run = _runs[chunk.RunId];
        run.LargestChunk = Math.Max(run.LargestChunk, chunk.Lines.Sum(l => l.Text.Length));
        foreach (var line in chunk.Lines)
        {
            run.LinesReceived++;
            if (run.LineKeys.Add((line.Source, line.Number)))
                run.Lines.Add(line);
        }

        return new CommandAnswered(CommandOutcome.Accepted);
    }

    LeasesRenewed Renew(RenewLeases renew)
    {
        Renewals++;
        return new LeasesRenewed(
            [
                .. renew.Runs.Select(held =>
                {
                    var run = _runs.GetValueOrDefault(held.RunId);
                    var isHeld = run is { IsTakenAway: false, End: null } && run.Run.Epoch == held.Epoch && run.AgentId == renew.AgentId;
                    return new RenewedRun(held.RunId, held.Epoch, isHeld, run?.Wanted ?? WantedOfRun.Run);
                }),
            ],
            LeaseSeconds);
    }

    public static GrantedRun Run(string program, string parameters = "{}", string queue = "default") => new()
    {
        RunId = Guid.CreateVersion7(),
        RunName = "test run",
        FlowName = "test flow",
        Program = new RunProgram { Path = program },
        Parameters = JsonDocument.Parse(parameters).RootElement,
        Queue = queue,
        Epoch = 1,
        Attempt = 1,
        LeaseSeconds = 30,
    };
}

/// <summary>What the store knows of a run.</summary>
sealed class StoredRun(GrantedRun run)
{
    public GrantedRun Run { get; set; } = run;

    public string? AgentId { get; set; }

    public Guid OfferId { get; set; }

    public bool IsTakenAway { get; set; }

    public WantedOfRun Wanted { get; set; }

    public ReportRun? End { get; set; }

    public List<ReportRun> Reports { get; } = [];

    public List<RunEvent> Events { get; } = [];

    public List<int> Batches { get; } = [];

    public List<AllocationReport> Allocations { get; } = [];

    public List<LogLine> Lines { get; } = [];

    public HashSet<(int Source, long Number)> LineKeys { get; } = [];

    public int LinesReceived { get; set; }

    public int LargestChunk { get; set; }

    public IEnumerable<string> Texts(string logger) => Lines.Where(l => l.Logger == logger).OrderBy(l => l.Number).Select(l => l.Text);
}
