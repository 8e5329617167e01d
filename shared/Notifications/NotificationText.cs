using System.Text;
using System.Text.Json;

namespace Holoflow.Notifications;

/// <summary>What is told, in words: by the rule's template, or by a form of its own.</summary>
static class NotificationText
{
    const int LongestSubject = 200;

    /// <summary>The body of a webhook: the whole content as JSON, or the template with its places filled by texts that are escaped for JSON.</summary>
    public static string Webhook(NotificationContent content, string? template) => template is null
        ? JsonSerializer.Serialize(content, NotificationJson.Default.NotificationContent)
        : Fill(template, content, value => JsonEncodedText.Encode(value).ToString());

    /// <summary>The subject of a mail: one line, whatever a run is called.</summary>
    public static string Subject(NotificationContent content)
    {
        var text = $"[Holoflow] {content.Run.Flow} {content.Run.Name}: {content.State.Name}";
        var line = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= LongestSubject ? line : line[..LongestSubject];
    }

    public static string Mail(NotificationContent content, string? template) => Fill(template ?? DefaultMail, content, value => value);

    const string DefaultMail = """
        {{state.name}}: flow run {{run.name}} of flow {{run.flow}}

        since    {{state.at}}
        says     {{state.message}}
        id       {{run.id}}
        queue    {{run.queue}}
        tags     {{run.tags}}
        look     {{run.url}}

        (notification {{notification}})
        """;

    static string Fill(string template, NotificationContent content, Func<string, string> escape)
    {
        var filled = new StringBuilder(template.Length);
        var at = 0;
        while (template.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var start && template.IndexOf("}}", start, StringComparison.Ordinal) is >= 0 and var end)
        {
            filled.Append(template, at, start - at);
            filled.Append(Value(template[(start + 2)..end].Trim(), content) is { } value ? escape(value) : template[start..(end + 2)]);
            at = end + 2;
        }

        return filled.Append(template, at, template.Length - at).ToString();
    }

    // What is no place of ours stays as it is: it may be somebody else's template.
    static string? Value(string name, NotificationContent content) => name switch
    {
        "notification" => content.Notification,
        "run.id" => content.Run.Id.ToString(),
        "run.name" => content.Run.Name,
        "run.flow" => content.Run.Flow,
        "run.deployment" => content.Run.Deployment ?? "",
        "run.queue" => content.Run.Queue,
        "run.tags" => string.Join(", ", content.Run.Tags),
        "run.url" => content.Run.Url?.ToString() ?? "",
        "run.schedulingBlock" => content.Run.SchedulingBlock ?? "",
        "state.type" => content.State.Type,
        "state.name" => content.State.Name,
        "state.message" => content.State.Message ?? "",
        "state.at" => content.State.At.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        _ => null,
    };
}
