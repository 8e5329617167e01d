using System.Collections.Concurrent;
using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Sdk.Slurm.Planning;
using Holoflow.Slurm;
using Holoflow.Slurm.Gate;
using Holoflow.Slurm.Profiles;

namespace Holoflow.Sdk.Slurm;

/// <summary>The tasks of one attempt of a run on a Slurm cluster. One loop ticks; what it decides, functions decide.</summary>
sealed class ClusterRun : IRemoteTasks
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(3);

    // Longer than Slurm takes to end a job that does not heed its signal (KillWait, 30 s).
    static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(90);

    readonly ConcurrentQueue<RemoteCall> _new = new();
    readonly CancellationTokenSource _closed = new();
    readonly ClusterBook _book;
    readonly RunSession _session;
    readonly ClusterProfile _profile;
    readonly DirectoryBell _bell;
    readonly RunLogger _log;
    readonly SlurmGate _gate;
    Task _loop = Task.CompletedTask;

    ClusterRun(RunSession session, ClusterProfile profile, SlurmGate gate, RunLogger log, string root)
    {
        _session = session;
        _profile = profile;
        _gate = gate;
        _log = log;
        _book = new ClusterBook(session, profile, new SlurmSite(gate), gate, log, root);
        _bell = new DirectoryBell(root, below: true, "events.*", "exit.*", "*.started", "*.ended");
    }

    public static async Task<ClusterRun> Open(RunSession session, ClusterProfile profile, SlurmGate gate, RunLogger log)
    {
        var root = profile.LogDirectory is { } logs ? Path.Combine(logs, $"{session.Description.RunId:N}") : session.Directory.Allocations;
        try
        {
            Directory.CreateDirectory(root);
            // Also where the jobs lie elsewhere: an agent sees by it that a run may have some.
            Directory.CreateDirectory(session.Directory.Allocations);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterProfileException($"cluster profile '{profile.Name}': the directory of its jobs, {root}, cannot be made: {e.Message}", e);
        }

        var run = new ClusterRun(session, profile, gate, log, root);
        await run._book.TakeUp(session.Cancellation);
        run._loop = Task.Run(run.Loop);
        return run;
    }

    public async Task<ReadOnlyMemory<byte>> Execute(RemoteTask task, IRemoteWatch watch, CancellationToken cancellation)
    {
        var shape = task.Use.Kind == ClusterUseKind.Array ? AllocationShape.InArray(_profile, task.Resources, task.Use.Pack) : AllocationShape.InPool(_profile, task.Resources);
        var call = new RemoteCall(task, watch, shape, _session.Time.GetUtcNow());
        _new.Enqueue(call);
        _bell.Ring();
        await using (cancellation.Register(() =>
        {
            call.AskToCancel();
            _bell.Ring();
        }))
            return await call.Result;
    }

    public async Task Close()
    {
        await _closed.CancelAsync();
        _bell.Ring();
        await _loop;
        _bell.Dispose();
        _closed.Dispose();
        var use = _gate.Use;
        _log.Debug("Slurm's commands were called {calls} times, {minute} times in the last minute of {budget} allowed", use.Total, use.LastMinute, use.PerMinute);
    }

    async Task Loop()
    {
        while (!_closed.IsCancellationRequested)
        {
            await _bell.Wait(Look, CancellationToken.None);
            await Tick();
            // Many workers ring often: their news are taken together.
            await Task.Delay(ShortestPause, _session.Time, CancellationToken.None);
        }

        var since = _session.Time.GetTimestamp();
        _book.EndAll();
        while (!_book.IsEmpty && _session.Time.GetElapsedTime(since) < EndPatience)
        {
            await _bell.Wait(Look, CancellationToken.None);
            await Tick();
            if (_session.Time.GetElapsedTime(since) > IdlePatience)
                _book.CancelAll();
        }

        if (!_book.IsEmpty)
            _log.Error("these jobs may still be there, and have to be cancelled by hand: {jobs}", _book.Left);
    }

    /// <summary>One pass. A fault of it is told and not the end: the next pass is another try.</summary>
    async Task Tick()
    {
        try
        {
            while (_new.TryDequeue(out var call))
                _book.Add(call);
            if (_session.Cancellation.IsCancellationRequested)
                _book.EndAll();
            await _book.RunOnce();
        }
        catch (Exception e)
        {
            _book.Report(e is IOException or UnauthorizedAccessException ? $"the directory of the run's jobs cannot be used: {e.Message}" : $"a pass over the run's jobs failed: {e}");
        }
    }
}
