using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api;

/// <summary>What the API works with.</summary>
/// <param name="Bus">Carries commands to the state store, and events from it.</param>
/// <param name="Database">What is read.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">Where the API logs.</param>
public sealed record ApiServices(IMessageBus Bus, Database Database, TimeProvider Time, ILogger Log)
{
    /// <summary>The directory that holds a directory for each run, where artifacts' files lie; null: this server has none of them.</summary>
    public string? RunsDirectory { get; init; }

    /// <summary>Has a run attempted again that is in a <see cref="PrivateQueue"/>, the second argument; null: this server cannot.</summary>
    public Func<RerunRun, string, Task<CommandAnswered>>? RetryPrivate { get; init; }

    /// <summary>Makes users of the broker for enrolled agents; null: they get an API token alone.</summary>
    public BrokerUsers? BrokerUsers { get; init; }
}
