using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Holoflow.RunProtocol;

namespace Holoflow.Sdk;

/// <summary>
/// A process that executes the tasks of a flow process elsewhere, one after another: work comes as lines of a file, and what it has to tell
/// goes as lines into another. It needs no network, and nobody needs to reach it.
/// </summary>
sealed class TaskWorker : IAsyncDisposable
{
    static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(400);

    // The flow process shows that it lives far more often.
    static readonly TimeSpan OrphanAfter = TimeSpan.FromMinutes(3);

    readonly WorkerPlace _place;
    readonly WorkerEvents _events;
    readonly NewLines _lines;
    readonly DirectoryBell _bell;
    readonly Queue<WorkLine.Execute> _queue = new();
    readonly HashSet<long> _cancelled = [];
    readonly HashSet<long> _overtaken;
    readonly CancellationTokenSource _stop = new();
    readonly TimeProvider _time;
    (long Number, CancellationTokenSource Cancel)? _current;
    (DateTime Written, long Seen) _alive;
    bool _isLast;

    TaskWorker(WorkerPlace place, RunDirectory run, TimeProvider time)
    {
        _place = place;
        _time = time;
        _overtaken = [.. Enumerable.Range(0, place.Start).SelectMany(start => Begun(place.Directory.Events(place.Slot, start)))];
        _events = new WorkerEvents(place.Directory.Events(place.Slot, place.Start), run, time);
        _lines = new NewLines(place.Directory.Work(place.Slot));
        _bell = new DirectoryBell(place.Directory.Path, below: false, Path.GetFileName(place.Directory.Work(place.Slot)));
        _alive = (default, time.GetTimestamp());
    }

    /// <summary>Works until there is nothing left to do.</summary>
    /// <param name="flows">The program whose tasks are executed.</param>
    /// <param name="directory">The allocation's directory.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(Assembly flows, string directory)
    {
        var place = WorkerPlace.FromEnvironment(directory);
        try
        {
            var run = new RunDirectory((await File.ReadAllTextAsync(place.Directory.RunDirectory)).TrimEnd('\n'));
            await using var worker = new TaskWorker(place, run, TimeProvider.System);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, worker.Stop);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, worker.Stop);
            // Only a worker whose program can be loaded works.
            TaskBodies.Load(flows);
            worker._events.Tell(new WorkerEvent.Ready(Environment.MachineName, Environment.ProcessId));
            return await worker.Work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"holoflow: the allocation's directory {directory} cannot be used: {e.Message}");
            return ExitCodes.WrongInput;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _bell.Dispose();
        _stop.Dispose();
    }

    async Task<int> Work()
    {
        var running = Task.CompletedTask;
        for (var look = ShortestLook; ;)
        {
            var isNew = Take();
            while (running.IsCompleted && _queue.TryDequeue(out var next))
            {
                await running;
                if (!_stop.IsCancellationRequested)
                    running = Execute(next);
            }

            if (running.IsCompleted && (_stop.IsCancellationRequested || _isLast || IsOrphan()))
                return await Leave();
            look = isNew ? ShortestLook : TimeSpan.FromTicks(Math.Min(look.Ticks * 3 / 2, LongestLook.Ticks));
            if (running.IsCompleted)
                await _bell.Wait(look, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                await Task.WhenAny(running, Task.Delay(look, _time, CancellationToken.None));
        }
    }

    async Task<int> Leave()
    {
        var reason = _stop.IsCancellationRequested ? "it was told to end" : _isLast ? "its work is done" : "the flow process is gone";
        await _events.Told(_events.Tell(new WorkerEvent.Left(reason)), CancellationToken.None);
        return _stop.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Completed;
    }

    bool Take()
    {
        var lines = _lines.Read();
        foreach (var line in lines)
        {
            switch (WorkLine.Parse(line))
            {
                case WorkLine.Execute execute when !_overtaken.Contains(execute.Number):
                    _queue.Enqueue(execute);
                    break;
                case WorkLine.Cancel cancel:
                    _cancelled.Add(cancel.Number);
                    if (_current is { } current && current.Number == cancel.Number)
                        current.Cancel.Cancel();
                    break;
                case WorkLine.End:
                    _isLast = true;
                    break;
            }
        }

        return lines.Count > 0;
    }

    async Task Execute(WorkLine.Execute work)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _current = (work.Number, cancel);
        if (_cancelled.Contains(work.Number))
            await cancel.CancelAsync();
        // A task that kills this process must have been seen to start.
        await _events.Told(_events.Tell(new WorkerEvent.Started(work.Number)), CancellationToken.None);
        var since = _time.GetTimestamp();
        WorkerEvent outcome;
        try
        {
            cancel.Token.ThrowIfCancellationRequested();
            var result = await Task.Run(() => Call(work, cancel.Token), CancellationToken.None);
            outcome = new WorkerEvent.Done(work.Number, Seconds(since), Kept(work.Number, result));
        }
        catch (Exception e)
        {
            outcome = new WorkerEvent.Failed(work.Number, Seconds(since), e is OperationCanceledException && cancel.IsCancellationRequested, ThrownElsewhere.Of(e));
        }

        _current = null;
        var ticket = _events.Tell(outcome);
        if (_queue.Count == 0)
            await _events.Told(ticket, CancellationToken.None);
        // What still runs in this process may do anything: the next one is clean.
        if (outcome is WorkerEvent.Failed { Thrown.TypeName: var type } && type == typeof(TaskStillRunsException).AssemblyQualifiedName)
            await _stop.CancelAsync();
    }

    async Task<ReadOnlyMemory<byte>> Call(WorkLine.Execute work, CancellationToken cancellation)
    {
        if (!TaskBodies.TryFind(work.Task.Name, out var task))
            throw new InvalidOperationException($"a worker does not find task '{work.Task.Name}': only tasks that are static fields of the flow program can be executed on a cluster");
        var inputs = work.Inputs ?? JsonElement.Parse(await File.ReadAllBytesAsync(_place.Directory.Inputs(work.Number), cancellation));
        return await task.Execute(inputs, new TaskContext(work.Task, _events, cancellation, work.Execution), work.Timeout);
    }

    ReadOnlyMemory<byte>? Kept(long number, ReadOnlyMemory<byte> result)
    {
        if (result.Length <= WorkerEvent.LargestResult)
            return result;
        WorkerDirectory.WriteWhole(_place.Directory.Result(number), result.Span);
        return null;
    }

    double Seconds(long since) => Math.Round(_time.GetElapsedTime(since).TotalSeconds, 6);

    bool IsOrphan()
    {
        var written = File.GetLastWriteTimeUtc(_place.Directory.Alive);
        if (written != _alive.Written)
            _alive = (written, _time.GetTimestamp());
        return _time.GetElapsedTime(_alive.Seen) > OrphanAfter;
    }

    // What an earlier process of this slot began is not begun again here: the flow process decides about it.
    static IEnumerable<long> Begun(string events)
    {
        var lines = new NewLines(events);
        while (lines.Read() is { Count: > 0 } some)
        {
            foreach (var line in some.Where(line => line.AsSpan().StartsWith("{\"e\":\"started\""u8)))
                yield return ((WorkerEvent.Started)WorkerEvent.Parse(line)).Number;
        }
    }

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.Cancel();
    }
}
