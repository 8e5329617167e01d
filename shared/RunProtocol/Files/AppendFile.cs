using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.RunProtocol.Files;

/// <summary>
/// An append-only file of lines with many concurrent appenders and group commits: whoever waits for the disk writes for
/// everyone who appended until then. Lines that nobody waits for are written within <see cref="Linger"/>. A write that fails
/// (disk full) is repeated at the same place with back-off until it succeeds: there is never a gap, and never a line twice.
/// </summary>
public sealed class AppendFile : IAsyncDisposable
{
    const int WriteAt = 256 * 1024;
    const int BlockAt = 16 * 1024 * 1024;
    static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    readonly object _gate = new();
    readonly SafeFileHandle _file;
    readonly TimeProvider _time;
    readonly Action<string>? _report;
    readonly bool _sync;
    readonly ITimer _timer;
    readonly CancellationTokenSource _abandoned = new();
    readonly List<(long Ticket, TaskCompletionSource Done)> _waiters = [];
    LineBuffer _filling = new();
    LineBuffer _spare = new();
    long _appended;
    long _written;
    bool _writing;
    bool _armed;
    bool _closed;
    IOException? _failure;

    AppendFile(SafeFileHandle file, long length, TimeProvider time, Action<string>? report, bool sync)
    {
        _sync = sync;
        _file = file;
        _appended = _written = length;
        _time = time;
        _report = report;
        _timer = time.CreateTimer(_ => Drain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Opens or creates the file. A torn last line, left by a writer that died, is cut off.</summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Told once when writing fails, and once when it works again.</param>
    /// <param name="sync">Whether each group of lines goes to the disk, or the file server, at once: for readers on other machines.</param>
    public static AppendFile Open(string path, TimeProvider time, Action<string>? report = null, bool sync = false)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = LineEnds.AfterLast(file);
        if (length < RandomAccess.GetLength(file))
            RandomAccess.SetLength(file, length);
        return new AppendFile(file, length, time, report, sync);
    }

    /// <summary>The bytes that are on their way to the disk or there.</summary>
    public long Length => Volatile.Read(ref _appended);

    /// <summary>Appends what <paramref name="write"/> writes: whole lines. Where it throws, nothing is appended.</summary>
    /// <returns>A ticket for <see cref="Written"/>.</returns>
    /// <exception cref="IOException">The file was closed, or given up while the disk was full.</exception>
    public long Append<TState>(TState state, Action<IBufferWriter<byte>, TState> write)
    {
        long ticket;
        bool full;
        lock (_gate)
        {
            while (_filling.Length > BlockAt && _failure is null && !_closed)
                Monitor.Wait(_gate);
            ThrowIfUnusable();
            var before = _filling.Length;
            try
            {
                write(_filling, state);
            }
            catch
            {
                _filling.CutTo(before);
                throw;
            }
            ticket = _appended += _filling.Length - before;
            full = _filling.Length > WriteAt;
            if (!_armed)
            {
                _armed = true;
                _timer.Change(Linger, Timeout.InfiniteTimeSpan);
            }
        }
        if (full && TryLead())
            Lead(ticket);
        return ticket;
    }

    /// <summary>Completes when everything up to <paramref name="ticket"/> has reached the kernel.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the disk did not take it.</exception>
    public ValueTask Written(long ticket, CancellationToken cancellation = default)
    {
        if (Volatile.Read(ref _written) >= ticket)
            return ValueTask.CompletedTask;
        if (TryLead())
            Lead(ticket);
        TaskCompletionSource done;
        lock (_gate)
        {
            if (_written >= ticket)
                return ValueTask.CompletedTask;
            if (_failure is not null)
                return ValueTask.FromException(_failure);
            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((ticket, done));
        }
        return new ValueTask(done.Task.WaitAsync(cancellation));
    }

    /// <summary>Writes what is buffered before it returns, where the disk takes it: for a process that is about to end.</summary>
    public void WriteNow(TimeSpan patience)
    {
        Drain();
        lock (_gate)
        {
            var since = _time.GetTimestamp();
            while (_written < _appended && _failure is null && _time.GetElapsedTime(since) < patience)
                Monitor.Wait(_gate, patience);
        }
    }

    /// <summary>Gives up waiting for a disk that does not take any more: every waiter gets an <see cref="IOException"/>.</summary>
    public ValueTask Abandon() => new(_abandoned.CancelAsync());

    /// <summary>Writes what is left, waits for it, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }
        try
        {
            await Written(Volatile.Read(ref _appended));
        }
        catch (IOException e)
        {
            _report?.Invoke($"the last lines are lost: {e.Message}");
        }
        await _timer.DisposeAsync();
        _file.Dispose();
        _abandoned.Dispose();
    }

    void ThrowIfUnusable()
    {
        if (_failure is not null)
            throw new IOException(_failure.Message, _failure);
        if (_closed)
            throw new IOException("the file is closed");
    }

    void Drain()
    {
        lock (_gate)
            _armed = false;
        if (TryLead())
            Lead(long.MaxValue);
    }

    bool TryLead()
    {
        lock (_gate)
        {
            if (_writing || _filling.Length == 0)
                return false;
            return _writing = true;
        }
    }

    // Writes batch after batch until the leader's own lines are down; what came meanwhile is led by the pool.
    void Lead(long ticket)
    {
        while (NextBatch() is { } batch)
        {
            try
            {
                Write(batch);
            }
            catch (IOException e)
            {
                _ = Retry(batch, e);
                return;
            }
            Finish(batch);
            if (_written >= ticket && Volatile.Read(ref _appended) > _written)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static file => file.Lead(long.MaxValue), this, preferLocal: false);
                return;
            }
        }
    }

    void Write(LineBuffer batch)
    {
        RandomAccess.Write(_file, batch.Written, _written);
        if (_sync)
            RandomAccess.FlushToDisk(_file);
    }

    LineBuffer? NextBatch()
    {
        lock (_gate)
        {
            if (_filling.Length == 0)
            {
                _writing = false;
                return null;
            }
            var batch = _filling;
            _filling = _spare;
            return batch;
        }
    }

    void Finish(LineBuffer batch)
    {
        List<TaskCompletionSource>? done = null;
        lock (_gate)
        {
            Volatile.Write(ref _written, _written + batch.Length);
            batch.Clear();
            _spare = batch;
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Ticket > _written)
                    continue;
                (done ??= []).Add(_waiters[i].Done);
                _waiters.RemoveAt(i);
            }
            Monitor.PulseAll(_gate);
        }
        foreach (var one in done ?? [])
            one.TrySetResult();
    }

    async Task Retry(LineBuffer batch, IOException first)
    {
        _report?.Invoke($"cannot be written, no new work is started until it can: {first.Message}");
        for (var delay = FirstRetry; ; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestRetry.Ticks)))
        {
            try
            {
                await Task.Delay(delay, _time, _abandoned.Token);
                Write(batch);
                break;
            }
            catch (IOException)
            {
                // Still full: the same bytes are written at the same place next time.
                continue;
            }
            catch (OperationCanceledException)
            {
                Fail(first);
                return;
            }
        }
        _report?.Invoke("can be written again");
        Finish(batch);
        Lead(long.MaxValue);
    }

    void Fail(IOException failure)
    {
        List<TaskCompletionSource> done;
        lock (_gate)
        {
            _failure = failure;
            done = [.. _waiters.Select(waiter => waiter.Done)];
            _waiters.Clear();
            Monitor.PulseAll(_gate);
        }
        foreach (var one in done)
            one.TrySetException(new IOException(failure.Message, failure));
    }
}
