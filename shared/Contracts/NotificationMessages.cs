namespace Holoflow.Contracts;

/// <summary>Creates or changes who is told of which changes of flow runs.</summary>
[Message("define-notification", Addresses.StateStore, Identity = "CommandId")]
public sealed record DefineNotification : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();

    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    /// <summary>State types or names.</summary>
    public required IReadOnlyList<string> States { get; init; }

    public IReadOnlyList<string> Flows { get => field ?? []; init; } = [];

    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    /// <summary>Only of runs that have been in the state for so long; null: at once.</summary>
    public double? LongerThanSeconds { get; init; }

    /// <summary>webhook, email or events.</summary>
    public required string Target { get; init; }

    /// <summary>A web address, e-mail addresses, or the name of an exchange.</summary>
    public required string Address { get; init; }

    /// <summary>Null: the target's own form.</summary>
    public string? Template { get; init; }

    /// <summary>The name of the file, in the notifier's directory of secrets, that holds the key which webhooks are signed with; null: they are not signed.</summary>
    public string? Secret { get; init; }

    public bool Active { get; init; } = true;
}

/// <summary>Nobody is told by this rule any more; what was not told yet never is.</summary>
[Message("delete-notification", Addresses.StateStore, Identity = "CommandId")]
public sealed record DeleteNotification(string Name) : IRequest<CommandAnswered>, IOnce
{
    public Guid CommandId { get; init; } = Guid.CreateVersion7();
}

/// <summary>Tells of a run that does not exist, to see whether it arrives.</summary>
/// <param name="Name">The rule.</param>
/// <param name="DeliveryId">What is delivered; chosen by the sender, so that a repeat is harmless.</param>
[Message("test-notification", Addresses.StateStore, Identity = "DeliveryId")]
public sealed record TestNotification(string Name, Guid DeliveryId) : IRequest<CommandAnswered>;
