using System.Net.Mail;
using Holoflow.Hosting;

namespace Holoflow.Notifications;

/// <summary>What the environment says of notifications.</summary>
public static class NotifierSettings
{
    /// <summary>
    /// <c>HOLOFLOW_NOTIFY_SECRETS</c> (a directory), <c>HOLOFLOW_NOTIFY_LOCAL_HOSTS</c>, <c>HOLOFLOW_SMTP</c> with <c>HOLOFLOW_SMTP_PASSWORD_FILE</c> and
    /// <c>HOLOFLOW_SMTP_FROM</c>, <c>HOLOFLOW_EVENTS_RABBITMQ</c> with <c>HOLOFLOW_EVENTS_RABBITMQ_PASSWORD_FILE</c>, <c>HOLOFLOW_EVENTS_TYPE</c>, <c>_SITE</c>,
    /// <c>_GROUP</c> and <c>_OPERATIONS</c> (<c>Name of a flow=what events call it</c>, separated by commas), <c>HOLOFLOW_DASHBOARD_URL</c>.
    /// </summary>
    public static NotifierOptions Read(ServiceSettings settings)
    {
        var options = new NotifierOptions
        {
            SecretsDirectory = settings.Optional("HOLOFLOW_NOTIFY_SECRETS"),
            LocalHosts = settings.List("HOLOFLOW_NOTIFY_LOCAL_HOSTS"),
            Smtp = Address(settings, "HOLOFLOW_SMTP", "the mail server, e.g. smtp://holoflow@mail:587", "smtp", "smtps"),
            EventBroker = Address(settings, "HOLOFLOW_EVENTS_RABBITMQ", "the observatory's broker, e.g. amqp://holoflow@events:5672/", "amqp", "amqps"),
            Dashboard = settings.Optional("HOLOFLOW_DASHBOARD_URL") is null ? null : settings.Address("HOLOFLOW_DASHBOARD_URL", "the dashboard's address", "http", "https"),
        };
        options = options with
        {
            MailFrom = settings.Optional("HOLOFLOW_SMTP_FROM") ?? options.MailFrom,
            EventTypePrefix = settings.Optional("HOLOFLOW_EVENTS_TYPE") ?? options.EventTypePrefix,
            Site = settings.Optional("HOLOFLOW_EVENTS_SITE") ?? options.Site,
            Group = settings.Optional("HOLOFLOW_EVENTS_GROUP") ?? options.Group,
            EventOperations = Operations(settings, options.EventOperations),
        };
        if (!MailAddress.TryCreate(options.MailFrom, out _))
            settings.Add($"HOLOFLOW_SMTP_FROM is '{options.MailFrom}': an e-mail address is expected");
        return options;
    }

    static IReadOnlyDictionary<string, string> Operations(ServiceSettings settings, IReadOnlyDictionary<string, string> otherwise)
    {
        var operations = new Dictionary<string, string>(otherwise, StringComparer.Ordinal);
        foreach (var pair in settings.List("HOLOFLOW_EVENTS_OPERATIONS"))
        {
            if (pair.Split('=', StringSplitOptions.TrimEntries) is [{ Length: > 0 } flow, { Length: > 0 } operation])
                operations[flow] = operation;
            else
                settings.Add($"HOLOFLOW_EVENTS_OPERATIONS has '{pair}': a flow's name, =, and what events call it are expected, e.g. Holography Main Flow=holography");
        }

        return operations;
    }

    static Uri? Address(ServiceSettings settings, string name, string meaning, params string[] schemes) =>
        settings.Optional(name) is null ? null : settings.AddressWithPassword(name, meaning, schemes);
}
