namespace Holoflow.Domain.Notifications;

/// <summary>What came of an attempt to deliver a notification.</summary>
public abstract record DeliveryOutcome
{
    public sealed record Delivered : DeliveryOutcome;

    /// <summary>It may go better later.</summary>
    public sealed record Failed(string Reason) : DeliveryOutcome;

    /// <summary>It will never go better: another attempt is a nuisance.</summary>
    public sealed record Refused(string Reason) : DeliveryOutcome;
}

/// <summary>What is to be done next with a notification.</summary>
public abstract record DeliveryDecision
{
    public sealed record Done : DeliveryDecision;

    public sealed record TryAgain(DateTimeOffset At, string Reason) : DeliveryDecision;

    public sealed record GiveUp(string Reason) : DeliveryDecision;
}

/// <summary>When a notification is tried again: soon at first, then ever more rarely, for a day.</summary>
public static class DeliveryPlan
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(1);

    /// <param name="attempts">How many there were, this one included.</param>
    /// <param name="createdAt">When there was something to tell.</param>
    /// <param name="outcome">What came of the last attempt.</param>
    /// <param name="now">When it ended.</param>
    public static DeliveryDecision After(int attempts, DateTimeOffset createdAt, DeliveryOutcome outcome, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        switch (outcome)
        {
            case DeliveryOutcome.Delivered:
                return new DeliveryDecision.Done();
            case DeliveryOutcome.Refused refused:
                return new DeliveryDecision.GiveUp(refused.Reason);
            case DeliveryOutcome.Failed failed:
                var at = now + Pause(attempts);
                return at - createdAt > GivenUpAfter
                    ? new DeliveryDecision.GiveUp($"{failed.Reason}; given up after {attempts} attempts")
                    : new DeliveryDecision.TryAgain(at, failed.Reason);
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "is no outcome");
        }
    }

    static TimeSpan Pause(int attempts) => attempts > 20 ? LongestPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << (attempts - 1)));
}
