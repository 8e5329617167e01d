using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Holoflow.Api.Events;

/// <summary>Wakes those who follow a run. A bell says only that there may be something new; what it is stands in the store.</summary>
sealed class RunBells
{
    readonly ConcurrentDictionary<Guid, ConcurrentDictionary<RunBell, byte>> _bells = new();

    /// <summary>A bell for one follower of a run, until it is disposed of.</summary>
    public RunBell Hang(Guid run)
    {
        var bell = new RunBell(bell => Take(run, bell));
        while (true)
        {
            var bells = _bells.GetOrAdd(run, _ => new ConcurrentDictionary<RunBell, byte>());
            bells[bell] = 0;
            // The last follower before this one may have taken the empty set away in between.
            if (_bells.TryGetValue(run, out var current) && current == bells)
                return bell;
        }
    }

    public void Ring(Guid run)
    {
        if (!_bells.TryGetValue(run, out var bells))
            return;
        foreach (var (bell, _) in bells)
            bell.Ring();
    }

    internal int Count => _bells.Count;

    void Take(Guid run, RunBell bell)
    {
        if (_bells.TryGetValue(run, out var bells) && bells.TryRemove(bell, out _) && bells.IsEmpty)
            _ = _bells.TryRemove(KeyValuePair.Create(run, bells));
    }
}

/// <summary>Rung any number of times, it wakes its follower once.</summary>
sealed class RunBell(Action<RunBell> take) : IDisposable
{
    readonly Channel<byte> _rung = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _ = _rung.Writer.TryWrite(0);

    /// <summary>Ends when the bell was rung since the last wait, or after <paramref name="atMost"/>.</summary>
    public async Task Wait(TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), limit, atMost, Timeout.InfiniteTimeSpan);
        try
        {
            _ = await _rung.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nobody rang: the follower looks by itself, for a bell may be lost.
        }
    }

    public void Dispose() => take(this);
}
