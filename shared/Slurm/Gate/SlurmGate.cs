using Holoflow.Slurm.Calls;

namespace Holoflow.Slurm.Gate;

/// <summary>How much of the budget is used, to be shown.</summary>
/// <param name="PerMinute">The hard limit of calls a minute.</param>
/// <param name="LastMinute">Calls of the last minute.</param>
/// <param name="Total">Calls since the start.</param>
/// <param name="Waiting">Calls that wait for the budget now.</param>
public sealed record GateUse(int PerMinute, int LastMinute, long Total, int Waiting);

/// <summary>The one door to a site's Slurm: no call passes but within the budget.</summary>
public sealed class SlurmGate(ISlurmCalls calls, CallBudget budget, TimeProvider time) : ISlurmCalls
{
    readonly Lock _lock = new();
    CallBudget _budget = budget;
    long _total;
    int _waiting;

    public GateUse Use
    {
        get
        {
            lock (_lock)
                return new(_budget.PerMinute, _budget.Used(time.GetUtcNow()), _total, _waiting);
        }
    }

    public async Task<SlurmAnswer> Run(SlurmCall call, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (Take(call.Urgency) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, time, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return await calls.Run(call, cancellation);
    }

    TimeSpan Take(CallUrgency urgency)
    {
        lock (_lock)
        {
            (_budget, var wait) = _budget.Take(urgency, time.GetUtcNow());
            if (wait <= TimeSpan.Zero)
                _total++;
            return wait;
        }
    }
}
