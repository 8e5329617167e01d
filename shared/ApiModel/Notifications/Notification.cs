using System.Text.Json.Serialization;

namespace Holoflow.ApiModel.Notifications;

/// <summary>By what way a notification leaves.</summary>
public enum NotificationTarget
{
    /// <summary>A JSON body posted to a web address.</summary>
    Webhook,

    /// <summary>A mail.</summary>
    Email,

    /// <summary>A CloudEvent on an exchange of the observatory's broker.</summary>
    Events,
}

/// <summary>Who is told of which changes of flow runs.</summary>
public sealed record NotificationRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>State types or names.</summary>
    public required IReadOnlyList<string> States { get; init; }

    /// <summary>None: of any flow.</summary>
    public IReadOnlyList<string> Flows { get; init; } = [];

    /// <summary>The run has all of them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only of runs that have been in the state for so long; null: at once.</summary>
    public double? LongerThanSeconds { get; init; }

    public required NotificationTarget Target { get; init; }

    /// <summary>Of a web address only scheme and host: the rest often is a secret.</summary>
    public required string Address { get; init; }

    public string? Template { get; init; }

    /// <summary>The name of the file that holds the key which it is signed with.</summary>
    public string? Secret { get; init; }

    public bool Active { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; init; }
}

/// <summary>Creates or changes the notification that the path names.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NotificationDefinition
{
    /// <summary>State types or names: Failed, Crashed, Late, TimedOut.</summary>
    public required IReadOnlyList<string> States { get; init; }

    /// <summary>Null: of any flow.</summary>
    public IReadOnlyList<string>? Flows { get; init; }

    /// <summary>Only of runs that have all of these.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Only of runs that have been in the state for so long; null: at once.</summary>
    public double? LongerThanSeconds { get; init; }

    public required NotificationTarget Target { get; init; }

    /// <summary>A web address, e-mail addresses separated by commas, or the name of an exchange.</summary>
    public required string Address { get; init; }

    /// <summary>Null: the target's own form.</summary>
    public string? Template { get; init; }

    /// <summary>The name of a file in the server's directory of secrets, which holds the key that webhooks are signed with.</summary>
    public string? Secret { get; init; }

    /// <summary>False: nobody is told for now.</summary>
    public bool Active { get; init; } = true;
}

/// <summary>What was, or is to be, told.</summary>
public sealed record NotificationDelivery
{
    /// <summary>The receiver gets it with every attempt.</summary>
    public required Guid Id { get; init; }

    /// <summary>Null: a trial.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Delivered, Waiting or GivenUp.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Attempts { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }
}
