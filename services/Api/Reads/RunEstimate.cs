using Holoflow.ReadModel.Overview;

namespace Holoflow.Api.Reads;

/// <summary>How far a run is and when it will end, from whatever tells it best.</summary>
/// <param name="Fraction">0 to 1; null: nothing tells.</param>
/// <param name="EndsAt">Null: nothing tells.</param>
readonly record struct RunEstimate(double? Fraction, DateTimeOffset? EndsAt)
{
    /// <summary>A fraction below this says too little about the rest.</summary>
    const double LeastTelling = 0.02;

    /// <summary>
    /// The flow's own word goes first, then its task runs; the end is what the flow says is left, else what the usual duration leaves, else what
    /// the fraction makes of the time so far. A run that has taken longer than usual tells no end by that.
    /// </summary>
    public static RunEstimate Of(HeldRun held, DateTimeOffset now)
    {
        var fraction = held.Progress?.Fraction ?? (held.Tasks > 0 ? (double)held.TasksEnded / held.Tasks : null);
        if (held.Run.StartedAt is not { } started)
            return new RunEstimate(fraction, null);
        if (held.Progress is { SecondsLeft: { } left, At: var at })
            return new RunEstimate(fraction, at.AddSeconds(left));
        if (held.UsualDuration is { } usual && started + usual > now)
            return new RunEstimate(fraction ?? (now - started) / usual, started + usual);
        // Task runs alone do not tell how many are still to come.
        return held.Progress?.Fraction is { } own and > LeastTelling and <= 1 ? new RunEstimate(fraction, started + ((now - started) / own)) : new RunEstimate(fraction, null);
    }
}
