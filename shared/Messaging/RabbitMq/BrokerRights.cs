namespace Holoflow.Messaging.RabbitMq;

/// <summary>What a user of the broker may do with exchanges and queues by name, as RabbitMQ means it: regular expressions over their names.</summary>
/// <param name="Configure">What it may make and delete.</param>
/// <param name="Write">What it may publish to and bind.</param>
/// <param name="Read">What it may consume, and bind from.</param>
public sealed record BrokerRights(string Configure, string Write, string Read)
{
    /// <summary>
    /// The least that an agent works with: it claims, reports, renews and sends log lines; it hears offers and controls. But for the queues of
    /// offers, which its peers share, it makes and deletes nothing but what carries its user's name.
    /// </summary>
    /// <param name="user">Its user.</param>
    public static BrokerRights OfAgent(string user)
    {
        var own = user.Replace(".", "[.]", StringComparison.Ordinal);
        return new(
            $"^(run-offers[.].*|(sent|answers|agent-control)[.]{own}[.].*)$",
            $"^(state-store[.](claim-run|report-run)|leases[.]renew-leases|task-reports[.]report-tasks|logs|agents|dead-letter[.]agents|run-offers[.].*|(sent|answers|agent-control)[.]{own}[.].*)$",
            $"^(run-offers([.].*)?|agent-control|(sent|answers|agent-control)[.]{own}[.].*)$");
    }
}
