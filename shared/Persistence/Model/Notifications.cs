namespace Holoflow.Persistence.Model;

/// <summary>Who is told of which changes.</summary>
public sealed class NotificationRuleRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string States { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Flows { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Tags { get; init; }

    /// <summary>Microseconds.</summary>
    public long? LongerThan { get; init; }

    /// <summary>webhook, email or events.</summary>
    public required string Target { get; init; }

    /// <summary>A web address, e-mail addresses, or the name of an exchange.</summary>
    public required string Address { get; init; }

    public string? Template { get; init; }

    /// <summary>The name of the file that holds the secret it is signed with.</summary>
    public string? Secret { get; init; }

    public required bool Active { get; init; }

    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A change of which it is not decided yet who is told.</summary>
public sealed class NotificationEventRow
{
    public required Guid RunId { get; init; }

    public required long Version { get; init; }
}

/// <summary>What was, or is to be, told.</summary>
public sealed class NotificationDeliveryRow
{
    public required Guid Id { get; init; }

    public required Guid RuleId { get; init; }

    /// <summary>Null: a trial.</summary>
    public Guid? RunId { get; init; }

    public long? Version { get; init; }

    /// <summary>JSON of what is told, as it was when it happened.</summary>
    public required string Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required int Attempts { get; init; }

    /// <summary>When it is tried next; null: it was delivered, or given up.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public string? LastError { get; init; }
}
