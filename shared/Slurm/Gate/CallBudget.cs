using System.Collections.Immutable;
using Holoflow.Slurm.Calls;

namespace Holoflow.Slurm.Gate;

/// <summary>Never more than so many calls in any 60 seconds; the last few are kept for submitting and cancelling.</summary>
/// <param name="PerMinute">The limit.</param>
/// <param name="Taken">When each call of the last minute was allowed, oldest first.</param>
public sealed record CallBudget(int PerMinute, ImmutableQueue<DateTimeOffset> Taken)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static CallBudget Of(int perMinute) =>
        perMinute >= 4 ? new(perMinute, []) : throw new ArgumentOutOfRangeException(nameof(perMinute), perMinute, "a budget of calls a minute is at least 4: to ask, to submit, and to cancel");

    /// <summary>How many calls a minute states may be asked with: what is above is kept for submitting, the last for cancelling.</summary>
    public int Limit(CallUrgency urgency) => urgency switch
    {
        CallUrgency.Cancel => PerMinute,
        CallUrgency.Submit => PerMinute - Math.Max(1, PerMinute / 10),
        _ => PerMinute - Math.Max(2, PerMinute / 5),
    };

    /// <summary>Takes a call out of the budget, or says how long to wait before the next try.</summary>
    public (CallBudget Next, TimeSpan Wait) Take(CallUrgency urgency, DateTimeOffset now)
    {
        var recent = Taken;
        while (!recent.IsEmpty && recent.Peek() <= now - Window)
            recent = recent.Dequeue();
        var budget = this with { Taken = recent };
        var over = recent.Count() - Limit(urgency);
        return over < 0
            ? (budget with { Taken = recent.Enqueue(now) }, TimeSpan.Zero)
            : (budget, recent.ElementAt(over) + Window - now);
    }

    /// <summary>How many calls were made in the last minute.</summary>
    public int Used(DateTimeOffset now) => Taken.Count(at => at > now - Window);
}
