namespace Holoflow.Notifications;

/// <summary>By what ways notifications leave, and what they say of this installation.</summary>
public sealed record NotifierOptions
{
    /// <summary>The directory of files that each hold one key which webhooks are signed with; null: none can be signed.</summary>
    public string? SecretsDirectory { get; init; }

    /// <summary>The mail server, <c>smtp://user@host:587</c> or <c>smtps://</c>, with the password in it; null: no mail is sent.</summary>
    public Uri? Smtp { get; init; }

    /// <summary>Whom mail is from.</summary>
    public string MailFrom { get; init; } = "holoflow@localhost";

    /// <summary>The broker whose exchanges get events; null: none do.</summary>
    public Uri? EventBroker { get; init; }

    /// <summary>What types of events begin with.</summary>
    public string EventTypePrefix { get; init; } = "au.csiro.atnf.askap";

    /// <summary>What flows are called in events, where that is not their name.</summary>
    public IReadOnlyDictionary<string, string> EventOperations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["Holography Main Flow"] = "holography" };

    /// <summary>The site in an event's subject.</summary>
    public string Site { get; init; } = "local";

    /// <summary>The group in an event's subject.</summary>
    public string Group { get; init; } = "holoflow";

    /// <summary>Hosts that webhooks may go to although they are this machine or its link.</summary>
    public IReadOnlyList<string> LocalHosts { get; init; } = [];

    /// <summary>The dashboard's address, for links; null: there are none.</summary>
    public Uri? Dashboard { get; init; }

    /// <summary>How long an attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often everything is looked at whether a bell rang or not.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what was told is remembered.</summary>
    public TimeSpan KeepDeliveries { get; init; } = TimeSpan.FromDays(30);
}
