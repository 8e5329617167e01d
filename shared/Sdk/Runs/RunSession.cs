using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>One attempt of a run in this process: what its flow, its nested flows and their tasks share.</summary>
sealed class RunSession : IEntrySink, IAsyncDisposable
{
    // While a disk is full, a cancelled run still tries so long to write its end.
    static readonly TimeSpan FullDiskGrace = TimeSpan.FromSeconds(10);

    readonly CancellationTokenSource _cancel = new();
    readonly CancellationTokenSource _closed = new();
    readonly List<LocalTaskRunner> _runners = [];
    readonly Lock _gate = new();
    bool _paused;

    RunSession(RunDirectory directory, RunDescription description, TimeProvider time, RunHistory history, JournalWriter journal, ResultStore results, ResultCache cache)
    {
        Directory = directory;
        Description = description;
        Time = time;
        History = history;
        Journal = journal;
        Results = results;
        Cache = cache;
        Slots = new SlotDesk(entry => Journal.Append(entry), description.Limited);
        _cancel.Token.Register(() => SetPaused(false));
    }

    public RunDirectory Directory { get; }

    public RunDescription Description { get; }

    public TimeProvider Time { get; }

    public RunHistory History { get; private set; }

    public JournalWriter Journal { get; }

    /// <summary>Where tasks are executed outside this process; null: nowhere.</summary>
    public IRemoteTasks? Cluster { get; private set; }

    public ResultStore Results { get; }

    public ResultCache Cache { get; }

    public SlotDesk Slots { get; }

    /// <summary>Cancelled when the run is, or when its time is over.</summary>
    public CancellationToken Cancellation => _cancel.Token;

    /// <summary>Why the run was cancelled; null while it is not.</summary>
    public string? CancelReason { get; private set; }

    /// <summary>Opens the run directory and takes up what earlier attempts left in it.</summary>
    public static RunSession Open(RunDirectory directory, RunDescription description, TimeProvider time, string cacheDirectory, Action<string> report)
    {
        var journal = JournalWriter.Open(directory, time, report, description.JournalAfter);
        var history = journal.Sequence == 0 ? new RunHistory() : RunHistory.Read(directory);
        var results = ResultStore.Open(directory, time, report);
        return new RunSession(directory, description, time, history, journal, results, new ResultCache(cacheDirectory, time));
    }

    void IEntrySink.Append(JournalEntry entry) => Journal.Append(entry);

    /// <summary>Lets tasks be executed on a cluster from now on.</summary>
    public void UseCluster(IRemoteTasks cluster) => Cluster = cluster;

    /// <summary>Cancels the run: its token, waiting tasks, and after a while the retries that wait for a full disk.</summary>
    public async Task Cancel(string reason)
    {
        lock (_gate)
        {
            if (CancelReason is not null)
                return;
            CancelReason = reason;
        }
        await _cancel.CancelAsync();
        _ = AbandonFullDisk();
    }

    /// <summary>Stops starting tasks, or goes on.</summary>
    public void Pause(bool paused)
    {
        lock (_gate)
        {
            if (Cancellation.IsCancellationRequested || _paused == paused)
                return;
            // The journal's order is the run's: no task starts between the word that it is paused and the word that it goes on.
            if (!paused)
                Journal.Append(new FlowPauseChanged { Paused = false });
            SetPaused(paused);
            if (paused)
                Journal.Append(new FlowPauseChanged { Paused = true });
        }
    }

    /// <summary>Reads what this attempt has done until now as if it were an earlier one: for the retry of a nested flow.</summary>
    public async Task TakeUpOwnResults()
    {
        await Journal.Flush();
        History = RunHistory.Read(Directory);
        Results.Reread();
    }

    public LocalTaskRunner AddRunner(int concurrency)
    {
        lock (_gate)
        {
            var runner = new LocalTaskRunner(concurrency, _paused);
            _runners.Add(runner);
            return runner;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Results.DisposeAsync();
        await Journal.DisposeAsync();
        await _closed.CancelAsync();
        _cancel.Dispose();
        _closed.Dispose();
    }

    async Task AbandonFullDisk()
    {
        try
        {
            await Task.Delay(FullDiskGrace, Time, _closed.Token);
            await Results.Abandon();
            await Journal.Abandon();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The run ended in time.
            return;
        }
    }

    void SetPaused(bool paused)
    {
        lock (_gate)
        {
            _paused = paused;
            foreach (var runner in _runners)
                runner.SetPaused(paused);
        }
    }
}
