using System.Text.Json;
using Holoflow.Agent.Follow;
using Holoflow.Agent.Jobs;
using Holoflow.Agent.Launch;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.RunProtocol;
using Holoflow.Slurm.Follow;

namespace Holoflow.Agent.Runs;

/// <summary>One run that the agent holds, from its grant to the answer to its last report.</summary>
sealed class CarriedRun : IDisposable
{
    static readonly TimeSpan JobPatience = TimeSpan.FromMinutes(2);

    readonly HeldRunRecord _granted;
    readonly AgentContext _context;
    readonly Func<HeldRunRecord, CancellationToken, Task<bool>> _isHeld;
    readonly RunDirectory _directory;
    readonly IInfrastructure _infrastructure;
    readonly CancellationTokenSource _fenced = new();
    readonly AsyncSignal _filesChanged = new();
    readonly AsyncSignal _processChanged = new();
    readonly Lock _lock = new();
    HeldRunRecord _record;
    IAttempt? _attempt;
    string? _launchFault;
    bool _isFenced;

    /// <param name="record">Saved already.</param>
    /// <param name="context">The agent's parts.</param>
    /// <param name="isHeld">Asks the state store whether the run is held still.</param>
    /// <param name="fresh">As it was granted; null: it is taken up again.</param>
    /// <param name="changed">Called when its flow begins to wait for a slot.</param>
    public CarriedRun(HeldRunRecord record, AgentContext context, Func<HeldRunRecord, CancellationToken, Task<bool>> isHeld, GrantedRun? fresh, Action changed)
    {
        Slots = new RunSlotNews(record, fresh?.Limited, context, _lock, changed);
        _granted = record;
        _record = record;
        _context = context;
        _isHeld = isHeld;
        _directory = new RunDirectory(record.RunDirectory);
        _infrastructure = record.Cluster is { } cluster ? new JobInfrastructure(context, context.Clusters.Of(cluster)) : new ProcessInfrastructure(context);
    }

    /// <summary>What its flow process hears of slots.</summary>
    public RunSlotNews Slots { get; }

    /// <summary>As it is on disk: with what is wanted of the run now.</summary>
    public HeldRunRecord Record
    {
        get
        {
            lock (_lock)
                return _record;
        }
    }

    /// <summary>What the run should be doing; heard more than once, and also from answers that were on their way.</summary>
    public void Want(WantedOfRun wanted, string? reason)
    {
        lock (_lock)
        {
            if (_record.Wanted == wanted || _record.Wanted == WantedOfRun.Cancel)
                return;
            _record = _record with { Wanted = wanted, Reason = reason };
            Write(_directory.Control, () => RunControlFile.Append(_directory, _record.Attempt, wanted, reason));
            Write(_context.Directory.Path, () => _context.Directory.Save(_record));
            if (wanted == WantedOfRun.Cancel)
                _attempt?.Cancel();
        }
    }

    /// <summary>No more grace: what still runs of it is killed; how it ended is told as ever.</summary>
    public void Kill()
    {
        lock (_lock)
            _attempt?.Kill();
    }

    /// <summary>The run belongs to somebody else, or ended: what still runs of it is killed, and nothing more is told of it.</summary>
    public void Fence(string reason)
    {
        lock (_lock)
        {
            if (_isFenced)
                return;
            _isFenced = true;
            _context.Log.Fenced(_record.RunId, reason);
            _attempt?.Kill();
        }

        _fenced.Cancel();
    }

    /// <summary>Launches the run, or with no <paramref name="fresh"/> takes it up again, and sees it to its end.</summary>
    /// <returns>False where this machine could not start it.</returns>
    public async Task<bool> Carry(GrantedRun? fresh, CancellationToken stopping)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping, _fenced.Token);
        var isStarted = true;
        try
        {
            if (await Begin(fresh, cancellation.Token) is { } attempt)
                await See(attempt, stopping, cancellation.Token);
            else if (_launchFault is { } fault)
                // Given back, it would meet the same fault again and again.
                await TellNotStarted(giveBack: false, RunReport.Failed, $"the agent could not start it: {fault}", cancellation.Token);
            else
                await TellNotStarted(_granted.GiveBack, RunReport.Crashed, "the agent was killed before the flow's process began", cancellation.Token);
        }
        catch (LaunchException e)
        {
            _context.Log.NotLaunched(_granted.RunId, e.Message);
            isStarted = !e.IsLocal;
            await TellNotStarted(e.IsLocal && _granted.GiveBack, RunReport.Failed, e.Message, cancellation.Token);
        }
        catch (OperationCanceledException) when (_fenced.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            // Taken away: its processes are gone by now, and what is left to do is to forget it.
        }

        _context.Directory.Remove(_granted);
        return isStarted;
    }

    public void Dispose() => _fenced.Dispose();

    async Task<IAttempt?> Begin(GrantedRun? fresh, CancellationToken cancellation)
    {
        if (fresh is null)
        {
            _context.Log.Adopted(_granted.RunId, _granted.RunName, _granted.Attempt, _granted.Epoch);
            return await _infrastructure.Find(_granted, _processChanged, cancellation);
        }

        using var span = RunTrace.Start("launch run", fresh.RunId);
        try
        {
            var attempt = _infrastructure.Begin(fresh, _granted, _processChanged, RunTrace.Parent(span));
            _context.Log.Launched(_granted.RunId, _granted.RunName, _granted.Attempt, _granted.Epoch);
            return attempt;
        }
        catch (Exception e) when (e is not LaunchException)
        {
            _launchFault = e.Message;
            throw;
        }
    }

    async Task See(IAttempt attempt, CancellationToken stopping, CancellationToken cancellation)
    {
        using var disposed = attempt;
        lock (_lock)
        {
            _attempt = attempt;
            if (_record.Wanted == WantedOfRun.Cancel)
                attempt.Cancel();
            if (_isFenced)
                attempt.Kill();
        }

        // Processes are watched and ended also while no server answers: only the agent's own stop leaves them alone.
        var ended = attempt.Run(stopping);
        _ = ended.ContinueWith(_ => _filesChanged.Pulse(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var shipped = Ship(attempt.Started, ended, cancellation);
        try
        {
            var told = await shipped;
            var ending = await ended;
            if (Record.Wanted == WantedOfRun.Cancel)
                await EndJobs(cancellation);
            var verdict = RunVerdict.Decide(new RunEnding(
                told.Ending?.Attempt == _granted.Attempt ? told.Ending : null,
                told.StartedAttempt == _granted.Attempt,
                ending.ExitStatus,
                Record.Wanted == WantedOfRun.Cancel,
                attempt.TimedOutAfter,
                ending.Job));
            await Tell(verdict.Report, verdict.Name, verdict.Message, cancellation, verdict.Result);
            Write(_directory.Ended, () => File.WriteAllText(_directory.Ended, $"{verdict.Report}\n"));
        }
        finally
        {
            // Fenced or stopping: not before the processes are gone, or left alone.
            await ended.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>A flow process gives its jobs back itself; what one that was ended by force left is ended here, before the run is told to be cancelled.</summary>
    async Task EndJobs(CancellationToken cancellation)
    {
        if (!Directory.Exists(_directory.Allocations))
            return;
        var site = _context.Clusters.Of(_granted.Cluster ?? ClusterLinks.OfTasks).Site;
        if (await new RunJobs(site, _context.Time).End(_granted.RunId, JobPatience, cancellation) is { } left)
            _context.Log.JobsLeft(_granted.RunId, left);
    }

    async Task<ShippedState> Ship(Task started, Task ended, CancellationToken cancellation)
    {
        await Task.WhenAny(started, ended).WaitAsync(cancellation);
        if (!started.IsCompleted)
        {
            await ended;
            return ShippedState.Read(_directory.Shipped);
        }

        var answer = await Tell(RunReport.Started, null, null, cancellation);
        if (answer.Outcome is CommandOutcome.Refused or CommandOutcome.NotFound)
        {
            Fence(answer.Reason ?? "the run is unknown to the state store");
            cancellation.ThrowIfCancellationRequested();
        }

        return await new Shipping(_granted, _context, _filesChanged, Pulse, ended, Slots.Shipped, c => _isHeld(Record, c)).Run(cancellation);
    }

    async Task TellNotStarted(bool giveBack, RunReport otherwise, string reason, CancellationToken cancellation)
    {
        // Refused where the start was reported already.
        if (!giveBack || (await Tell(RunReport.GivenBack, null, reason, cancellation)).Outcome == CommandOutcome.Refused)
            await Tell(otherwise, null, reason, cancellation);
    }

    async Task<CommandAnswered> Tell(RunReport report, string? name, string? message, CancellationToken cancellation, JsonElement? result = null)
    {
        var answer = await _context.Requests.Ask(
            new ReportRun
            {
                RunId = _granted.RunId,
                AgentId = _granted.AgentId,
                Epoch = _granted.Epoch,
                Report = report,
                Name = name,
                Message = message,
                At = _context.Time.GetUtcNow(),
                Result = result,
            },
            cancellation);
        if (report != RunReport.Started)
            _context.Log.Ended(_granted.RunId, message is null ? $"{report}" : $"{report}, {message}");
        return answer;
    }

    void Pulse()
    {
        _filesChanged.Pulse();
        _processChanged.Pulse();
    }

    void Write(string file, Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            _context.Log.CannotWrite(file, e.Message);
        }
    }
}
