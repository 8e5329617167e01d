using System.Security.Cryptography;
using System.Text;

namespace Holoflow.Contracts;

/// <summary>
/// How offers find the agents that take them: the key names the work queue and the run's tags in one order, so that a topic pattern can ask for any
/// of them; agents that ask for the same share one queue.
/// </summary>
public static class OfferRoute
{
    /// <summary>What AMQP 0-9-1 lets a routing key and a queue's name have, in bytes.</summary>
    public const int Longest = 255;

    /// <summary>In place of tags that are too many for a key: every subscription of the queue gets the offer, and the agents look themselves.</summary>
    const string ManyTags = "__";

    /// <summary>The routing key of an offer.</summary>
    public static string Key(string queue, IReadOnlyList<string>? tags)
    {
        var start = $"offer.{RoutingWord.Of(queue)}";
        var key = string.Join('.', [start, .. Words(tags)]);
        return key.Length <= Longest ? key : $"{start}.{ManyTags}";
    }

    /// <summary>The topic patterns of agents that take runs of the queue which carry all of the tags; joined by commas, as a subscription has them.</summary>
    public static string Pattern(string queue, IReadOnlyList<string> tags)
    {
        var start = $"offer.{RoutingWord.Of(queue)}";
        var words = Words(tags).ToList();
        if (words.Count == 0)
            return $"{start}.#";
        var pattern = $"{start}.#.{string.Join(".#.", words)}.#";
        // Tags that are too long for a pattern are too long for a key as well.
        return pattern.Length <= Longest ? $"{pattern},{start}.{ManyTags}" : $"{start}.#";
    }

    /// <summary>The queue that the agents of one subscription share.</summary>
    public static string Queue(string queue, IReadOnlyList<string> tags)
    {
        var name = string.Join('.', [$"run-offers.{RoutingWord.Of(queue)}", .. Words(tags)]);
        return name.Length <= Longest ? name : $"run-offers.{RoutingWord.Of(queue)}.{ManyTags}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16))}";
    }

    // An older sender may name none.
    static IEnumerable<string> Words(IReadOnlyList<string>? tags) => (tags ?? []).Where(tag => tag.Length > 0).Select(RoutingWord.Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
