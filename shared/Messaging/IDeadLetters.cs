namespace Holoflow.Messaging;

/// <summary>What could not be delivered or carried out, for an operator to look at, send again, or drop.</summary>
public interface IDeadLetters
{
    /// <summary>The oldest dead letters, up to <paramref name="limit"/>; of one queue where one is named.</summary>
    /// <exception cref="MessagingException">The broker does not answer.</exception>
    Task<IReadOnlyList<DeadLetter>> List(string? queue, int limit, CancellationToken cancellation = default);

    /// <summary>Sends those that are chosen to the queues they came from, and forgets each once it is there. How many.</summary>
    /// <exception cref="MessagingException">The broker does not answer, or a queue is no longer there; what was not sent stays.</exception>
    Task<int> Replay(Func<DeadLetter, bool> chosen, CancellationToken cancellation = default);

    /// <summary>Drops those that are chosen. How many.</summary>
    /// <exception cref="MessagingException">The broker does not answer.</exception>
    Task<int> Drop(Func<DeadLetter, bool> chosen, CancellationToken cancellation = default);
}

/// <summary>A message that could not be delivered or carried out.</summary>
/// <param name="Id">Its message id.</param>
/// <param name="Queue">The queue that it came from.</param>
/// <param name="Message">Its pinned name; null: it is no message of ours.</param>
/// <param name="Reason">failed, rejected, expired, delivery_limit or maxlen.</param>
/// <param name="Error">What its handler said, where one did.</param>
/// <param name="At">When it died; null: nobody noted it.</param>
/// <param name="Body">Its JSON, or what else it is.</param>
public sealed record DeadLetter(string Id, string Queue, string? Message, string Reason, string? Error, DateTimeOffset? At, string Body);
