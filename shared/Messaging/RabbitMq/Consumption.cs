using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>What is consumed, and how.</summary>
/// <param name="Queue">The queue's name, or what one's name begins with that is made anew on each channel.</param>
/// <param name="Limit">How many messages are taken and not yet done with, at most.</param>
/// <param name="Declare">Makes the queue and its bindings where they are missing; returns its name.</param>
/// <param name="Handle">
/// Takes one message; begun in the order of delivery, and not waited for before the next. What it needs of the body after its first wait
/// it must copy. The message is acknowledged when it is done.
/// </param>
sealed record Consumption(string Queue, int Limit, Func<IChannel, CancellationToken, Task<string>> Declare, Func<Delivered, Task<Settlement>> Handle)
{
    /// <summary>Whether messages are wanted at all now; null: always.</summary>
    public Func<bool>? Ready { get; init; }

    /// <summary>
    /// What it holds is said again anyway: a queue that the broker itself cannot bring up (one that was made in the moment before the broker was
    /// killed may have no leader for ever) is deleted and made anew.
    /// </summary>
    public bool IsExpendable { get; init; }
}

/// <summary>A message as it came.</summary>
/// <param name="Body">What it holds; valid until its handler first waits.</param>
/// <param name="ReplyTo">Where its sender listens; null: nowhere.</param>
/// <param name="CorrelationId">What its sender knows it by.</param>
/// <param name="UserId">Who sent it, as the broker has made sure; null: nobody says.</param>
readonly record struct Delivered(ReadOnlyMemory<byte> Body, string? ReplyTo, string? CorrelationId, string? UserId);

/// <summary>What becomes of a message.</summary>
enum Settlement
{
    /// <summary>It is done with.</summary>
    Done,

    /// <summary>It goes back to its queue, for others or for later.</summary>
    GiveBack,

    /// <summary>It cannot be used: it goes to the queue's dead-letter exchange.</summary>
    DeadLetter,
}
