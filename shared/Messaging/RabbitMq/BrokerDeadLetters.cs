using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// The dead-letter queues of the broker. They are looked through by taking messages without acknowledging them: what is neither sent again nor
/// dropped goes back with the end of the channel.
/// </summary>
sealed class BrokerDeadLetters(BrokerConnection connection) : IDeadLetters
{
    /// <summary>How far a search goes.</summary>
    const int MostLookedAt = 100_000;

    static readonly string[] Queues = [WireTopology.DeadLetterQueue, WireTopology.DeadHintQueue];

    public async Task<IReadOnlyList<DeadLetter>> List(string? queue, int limit, CancellationToken cancellation = default)
    {
        var found = new List<DeadLetter>();
        await Look(
            (_, _, letter) =>
            {
                if (queue is null || letter.Queue == queue)
                    found.Add(letter);
                return Task.FromResult(found.Count < limit);
            },
            cancellation);
        return found;
    }

    public async Task<int> Replay(Func<DeadLetter, bool> chosen, CancellationToken cancellation = default)
    {
        var (sent, held) = (0, (DeadLetter?)null);
        await Look(
            async (channel, result, letter) =>
            {
                if (chosen(letter) && !MayGoBack(result, letter))
                {
                    held ??= letter;
                }
                else if (chosen(letter))
                {
                    // To its queue and no other: who had it already does not get it again. A queue that is gone is an error, and the letter stays.
                    await channel.BasicPublishAsync("", letter.Queue, mandatory: true, AsNew(result.BasicProperties), result.Body, cancellation);
                    await channel.BasicAckAsync(result.DeliveryTag, multiple: false, cancellation);
                    sent++;
                }

                return true;
            },
            cancellation);
        return held is null ? sent : throw new MessagingException($"{sent} dead letters were sent again, but '{held.Id}' stays: an agent sent it, and the queue '{held.Queue}' that it names is none of an agent's; drop it");
    }

    public async Task<int> Drop(Func<DeadLetter, bool> chosen, CancellationToken cancellation = default)
    {
        var dropped = 0;
        await Look(
            async (channel, result, letter) =>
            {
                if (chosen(letter))
                {
                    await channel.BasicAckAsync(result.DeliveryTag, multiple: false, cancellation);
                    dropped++;
                }

                return true;
            },
            cancellation);
        return dropped;
    }

    // Where a letter came from only its exchange tells for sure: an agent can write there what it likes.
    static bool MayGoBack(BasicGetResult result, DeadLetter letter) => result.Exchange != WireTopology.AgentsDeadLetterExchange || WireTopology.IsQueueOfAgents(letter.Queue);

    static BasicProperties AsNew(IReadOnlyBasicProperties properties)
    {
        var fresh = new BasicProperties(properties) { Persistent = true };
        fresh.ClearExpiration();
        fresh.Headers = properties.Headers?
            .Where(h => !h.Key.StartsWith("x-", StringComparison.Ordinal) && h.Key is not (DeadLetterSender.QueueHeader or DeadLetterSender.ErrorHeader))
            .ToDictionary(StringComparer.Ordinal);
        return fresh;
    }

    /// <summary>Shows the dead letters, oldest first, until <paramref name="see"/> has seen enough.</summary>
    async Task Look(Func<IChannel, BasicGetResult, DeadLetter, Task<bool>> see, CancellationToken cancellation)
    {
        try
        {
            await using var channel = await connection.OpenChannel(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
            foreach (var queue in Queues)
            {
                for (var looked = 0; looked < MostLookedAt && await channel.BasicGetAsync(queue, autoAck: false, cancellation) is { } result; looked++)
                {
                    if (!await see(channel, result, DeadLetterReader.Read(result)))
                        return;
                }
            }
        }
        catch (PublishException e)
        {
            throw new MessagingException($"a dead letter could not be sent again, and stays: {(e.IsReturn ? "its queue is not there" : e.Message)}", e);
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException)
        {
            throw new MessagingException($"the broker's dead letters cannot be read: {e.Message}", e);
        }
    }
}
