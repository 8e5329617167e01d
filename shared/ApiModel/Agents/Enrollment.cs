using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.Agents;

/// <summary>Enrols an agent; the enrolment code is the request's API token. What the agent keeps secret it makes itself and sends hashed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AgentEnrollment
{
    /// <summary>The SHA-256 of the agent's API token, 64 lower-case hex digits.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Its password for the broker as RabbitMQ keeps it: in base64 a salt of four bytes and the SHA-256 of salt and password.</summary>
    public required string BrokerPasswordHash { get; init; }
}

/// <summary>An agent that was enrolled.</summary>
public sealed record AgentEnrolled
{
    /// <summary>The agent's name, and its API token's.</summary>
    public required string Name { get; init; }

    /// <summary>Where its messages go; null: over this API.</summary>
    public EnrolledBroker? Broker { get; init; }

    /// <summary>Why it has no user of the broker's; null: it has one.</summary>
    public string? Note { get; init; }
}

/// <summary>The broker, as an agent reaches it.</summary>
/// <param name="Address"><c>amqps://host:port/vhost</c>, or amqp.</param>
/// <param name="User">The agent's own user.</param>
public sealed record EnrolledBroker(string Address, string User);
