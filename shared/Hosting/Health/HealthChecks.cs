namespace Holoflow.Hosting.Health;

/// <summary>What must hold for a service to do its work; each check tells in one line why it does not, or null.</summary>
public sealed class HealthChecks
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Lock _lock = new();
    readonly List<(string Name, Func<CancellationToken, ValueTask<string?>> Check)> _checks = [];
    bool _started;

    /// <summary>Adds a check; it must be quick.</summary>
    public void Add(string name, Func<CancellationToken, ValueTask<string?>> check)
    {
        lock (_lock)
            _checks.Add((name, check));
    }

    /// <summary>The service has come up: from now on the checks alone say whether it is ready.</summary>
    public void Started()
    {
        lock (_lock)
            _started = true;
    }

    /// <summary>Why the service is not ready, a line each; empty: it is.</summary>
    public async Task<IReadOnlyList<string>> Faults(CancellationToken cancellation)
    {
        List<(string Name, Func<CancellationToken, ValueTask<string?>> Check)> checks;
        lock (_lock)
        {
            if (!_started)
                return ["the service is starting"];
            checks = [.. _checks];
        }

        var faults = new List<string>();
        foreach (var (name, check) in checks)
        {
            if (await FaultOf(check, cancellation) is { } fault)
                faults.Add($"{name}: {fault}");
        }

        return faults;
    }

    static async Task<string?> FaultOf(Func<CancellationToken, ValueTask<string?>> check, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await check(limit.Token).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds} s";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message;
        }
    }
}
