namespace Holoflow.Messaging.RabbitMq;

/// <summary>Where the broker is and how it is used.</summary>
public sealed record RabbitMqOptions
{
    /// <summary><c>amqp://host:port/vhost</c>, or <c>amqps</c>, which may end in <c>?cacertfile=PATH</c>, the authorities (PEM) that may have signed the broker's certificate. A user and password in it are used where <see cref="User"/> is null.</summary>
    public required Uri Address { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Shown in the broker's list of connections.</summary>
    public string ConnectionName { get; init; } = "holoflow";

    /// <summary>
    /// Makes the queues of all requests, so that one that is sent before its service has ever run waits for it. Needs a user that may
    /// configure and read all of them: one whose rights are fewer leaves it to the state store.
    /// </summary>
    public bool DeclaresRequestQueues { get; init; } = true;

    /// <summary>
    /// For a user that may make and delete nothing but what carries its name: what it sends goes through exchanges of its own, which are bound to
    /// the real ones, and what it hears it takes from exchanges that others made.
    /// </summary>
    public bool IsConfined { get; init; }

    /// <summary>From a request sent to its answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two signs of life; a connection that is silent for two of them is given up.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a handler's fault is the absence of something that comes back, such as the database: the message is then held, not failed. Null: never.
    /// </summary>
    public Func<Exception, bool>? IsOutage { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How many unacknowledged messages a consumer of requests may hold.</summary>
    public int Prefetch { get; init; } = 64;

    /// <summary>How many unacknowledged bulk messages a consumer may hold of each shard: no shard takes more than its share.</summary>
    public int BulkPrefetch { get; init; } = 8;

    /// <summary>How many bulk messages of one sender, e.g. log chunks of a run, may be on their way and not yet stored: the others of its shard wait behind no more. One keeps their delay within twice what it is alone.</summary>
    public int BulkCredit { get; init; } = 1;

    /// <summary>From the last word of who stores bulk messages to sending more than <see cref="BulkCredit"/> of them without.</summary>
    public TimeSpan BulkPatience { get; init; } = TimeSpan.FromSeconds(10);
}
