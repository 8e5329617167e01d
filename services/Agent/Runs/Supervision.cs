using System.Globalization;
using Holoflow.Agent.Follow;
using Holoflow.Agent.Launch;
using Holoflow.Agent.Processes;
using Holoflow.Agent.State;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Runs;

/// <summary>
/// Watches the processes of an attempt to their end, and brings that about where it is asked for: SIGTERM to the flow
/// process, SIGKILL to all after a grace. It needs no server for that.
/// </summary>
/// <param name="record">The run.</param>
/// <param name="process">The leader of its session.</param>
/// <param name="context">The agent's parts.</param>
/// <param name="wake">Pulsed when something happened.</param>
sealed class Supervision(HeldRunRecord record, LaunchedProcess process, AgentContext context, AsyncSignal wake) : IAttempt
{
    static readonly TimeSpan SafetyTick = TimeSpan.FromSeconds(1);

    /// <summary>From SIGKILL to the next look, and how long children may take to follow their parent's end by themselves.</summary>
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    /// <summary>From SIGTERM to SIGKILL for processes that the flow left behind.</summary>
    static readonly TimeSpan LeftoverGrace = TimeSpan.FromSeconds(2);

    /// <summary>How long the pipes of a flow whose processes are gone may take to run empty.</summary>
    static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(10);

    readonly RunDirectory _directory = new(record.RunDirectory);
    readonly RunProcesses _processes = new(process.Identity, LaunchPlan.LaunchMark(record.RunId, record.Epoch));
    readonly TimeProvider _time = context.Time;
    volatile bool _cancel;
    volatile bool _kill;

    public Task Started => Task.CompletedTask;

    public TimeSpan? TimedOutAfter { get; private set; }

    public void Cancel()
    {
        _cancel = true;
        wake.Pulse();
    }

    public void Kill()
    {
        _kill = true;
        wake.Pulse();
    }

    public async Task<AttemptEnding> Run(CancellationToken cancellation)
    {
        Watch();
        long? askedAt = null;
        var isAsked = false;
        while (Status() is null && process.Identity.IsAlive)
        {
            CheckTime();
            if (_kill || (askedAt is { } since && _time.GetElapsedTime(since) >= context.Options.CancelGrace))
            {
                SendToAll(Signals.Kill);
                await wake.Wait(Moment, cancellation);
                continue;
            }

            if ((_cancel || TimedOutAfter is not null) && !isAsked)
            {
                askedAt ??= _time.GetTimestamp();
                // The supervisor may not have come to its child yet.
                isAsked = _processes.OfFlow().Count(p => Signals.Send(p, Signals.Terminate)) > 0;
            }

            await wake.Wait(Next(askedAt, isAsked), cancellation);
        }

        await EndLeftovers(cancellation);
        return process.NeverBegan(_directory, record.Attempt)
            ? throw new LaunchException($"the supervisor could not write into '{record.RunDirectory}' on {Environment.MachineName}") { IsLocal = true }
            : new AttemptEnding(Status());
    }

    public void Dispose()
    {
        // Its processes are not this object's: they go on where the agent stops.
    }

    void Watch()
    {
        if (process.Child is not { } child)
            return;
        _ = child.Ended.ContinueWith(_ => wake.Pulse(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The exit status, where it is on disk.</summary>
    int? Status()
    {
        var file = _directory.ExitStatus(record.Attempt);
        // Without its line end it is being written.
        return File.Exists(file) && File.ReadAllText(file) is [.. var text, '\n'] && int.TryParse(text, CultureInfo.InvariantCulture, out var status) ? status : null;
    }

    void CheckTime()
    {
        if (record.TimeoutSeconds > 0 && TimedOutAfter is null && process.Identity.Age.TotalSeconds >= record.TimeoutSeconds)
            TimedOutAfter = TimeSpan.FromSeconds(record.TimeoutSeconds);
    }

    TimeSpan Next(long? askedAt, bool isAsked)
    {
        var next = SafetyTick;
        if (askedAt is { } since)
            next = Shorter(next, isAsked ? context.Options.CancelGrace - _time.GetElapsedTime(since) : Moment);
        else if (record.TimeoutSeconds > 0)
            next = Shorter(next, TimeSpan.FromSeconds(record.TimeoutSeconds) - process.Identity.Age);
        return next > Moment / 10 ? next : Moment / 10;
    }

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    void SendToAll(int signal)
    {
        foreach (var member in _processes.Members())
            Signals.Send(RunProcesses.Identity(member), signal);
    }

    async Task EndLeftovers(CancellationToken cancellation)
    {
        // A look at all processes of the machine is not cheap: one that finds nothing is enough.
        if (_processes.Members().Count > 0)
        {
            await Task.Delay(Moment * 2, _time, cancellation);
            await EndLeft(_processes.Members(), cancellation);
        }

        await LetOutputFlow(cancellation);
    }

    async Task EndLeft(IReadOnlyList<ProcessStat> left, CancellationToken cancellation)
    {
        if (left.Count > 0 && !_kill)
        {
            Note($"processes that the flow left behind are ended: {string.Join(", ", left.Select(p => $"{p.Id} ({p.Name})"))}");
            SendToAll(Signals.Terminate);
        }

        var since = _time.GetTimestamp();
        while (left.Count > 0)
        {
            if (_kill || _time.GetElapsedTime(since) >= LeftoverGrace)
                SendToAll(Signals.Kill);
            await Task.Delay(Moment, _time, cancellation);
            left = _processes.Members();
        }
    }

    // The supervisor's pipes hold what was written last; they end when nobody can write any more.
    async Task LetOutputFlow(CancellationToken cancellation)
    {
        var since = _time.GetTimestamp();
        while (process.Identity.IsAlive)
        {
            if (_time.GetElapsedTime(since) >= OutputGrace)
            {
                foreach (var member in _processes.Session())
                    Signals.Send(RunProcesses.Identity(member), Signals.Kill);
            }

            await wake.Wait(Moment / 10, cancellation);
        }
    }

    void Note(string text)
    {
        try
        {
            File.AppendAllText(_directory.AgentNotes, text + "\n");
        }
        catch (IOException e)
        {
            context.Log.CannotWrite(_directory.AgentNotes, e.Message);
        }
    }
}
