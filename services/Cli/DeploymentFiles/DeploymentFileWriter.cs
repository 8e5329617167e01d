using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holoflow.ApiModel.Schedules;

namespace Holoflow.Cli.DeploymentFiles;

/// <summary>Writes a deployment as YAML. Values are written in JSON's form, which is YAML too: quoting is never a guess.</summary>
static class DeploymentFileWriter
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(DeploymentFile deployment)
    {
        var text = new StringBuilder("# A Holoflow deployment. Apply it with: holoflow deployment apply FILE.yaml\n");
        Line(text, "", DeploymentKeys.Name, Quoted(deployment.Name));
        Line(text, "", DeploymentKeys.Flow, Quoted(deployment.Flow));
        Line(text, "", DeploymentKeys.Description, Quoted(deployment.Description));
        Line(text, "", DeploymentKeys.Entrypoint, Quoted(deployment.Entrypoint));
        Line(text, "", DeploymentKeys.WorkingDirectory, Quoted(deployment.WorkingDirectory));
        Map(text, "", DeploymentKeys.Environment, deployment.Environment.Select(v => (v.Key, Quoted(v.Value)!)));
        Line(text, "", DeploymentKeys.Infrastructure, Quoted(deployment.Infrastructure));
        Line(text, "", DeploymentKeys.Cluster, Quoted(deployment.Cluster));
        Line(text, "", DeploymentKeys.Queue, Quoted(deployment.Queue));
        Line(text, "", DeploymentKeys.Priority, deployment.Priority.ToString());
        Line(text, "", DeploymentKeys.CrashReschedules, deployment.CrashReschedules.ToString());
        Line(text, "", DeploymentKeys.Tags, $"[{string.Join(", ", deployment.Tags.Select(Quoted))}]");
        Parameters(text, "", deployment.Parameters);
        if (deployment.Schedules is { Count: > 0 } schedules)
        {
            _ = text.Append($"{DeploymentKeys.Schedules}:\n");
            foreach (var schedule in schedules)
                Schedule(text, schedule);
        }
        else if (deployment.Schedules is not null)
        {
            _ = text.Append($"{DeploymentKeys.Schedules}: []\n");
        }
        return text.ToString();
    }

    static void Schedule(StringBuilder text, ScheduleSpec schedule)
    {
        const string indent = "    ";
        var start = text.Length;
        Line(text, indent, DeploymentKeys.Cron, Quoted(schedule.Cron));
        Line(text, indent, DeploymentKeys.Interval, schedule.IntervalSeconds?.ToString("0.#######"));
        Line(text, indent, DeploymentKeys.AnchorDate, schedule.AnchorDate is { } anchor ? Quoted(anchor.ToString("O")) : null);
        Line(text, indent, DeploymentKeys.Rrule, Quoted(schedule.Rrule));
        Line(text, indent, DeploymentKeys.TimeZone, Quoted(schedule.TimeZone));
        Line(text, indent, DeploymentKeys.CatchUp, schedule.CatchUp.ToString().ToLowerInvariant());
        Line(text, indent, DeploymentKeys.Expiry, schedule.ExpirySeconds?.ToString("0.#######"));
        Line(text, indent, DeploymentKeys.Active, schedule.Active ? "true" : "false");
        if (schedule.Parameters is { } parameters)
            Parameters(text, indent, JsonObject.Create(parameters) ?? []);
        text[start + indent.Length - 2] = '-';
    }

    static void Parameters(StringBuilder text, string indent, JsonObject parameters) =>
        Map(text, indent, DeploymentKeys.Parameters, parameters.Select(p => (p.Key, p.Value?.ToJsonString(Readable) ?? "null")));

    static void Map(StringBuilder text, string indent, string key, IEnumerable<(string Key, string Value)> entries)
    {
        var any = false;
        foreach (var (name, value) in entries)
        {
            if (!any)
                _ = text.Append($"{indent}{key}:\n");
            any = true;
            _ = text.Append($"{indent}  {Quoted(name)}: {value}\n");
        }
    }

    static void Line(StringBuilder text, string indent, string key, string? value)
    {
        if (value is not null)
            _ = text.Append($"{indent}{key}: {value}\n");
    }

    static string? Quoted(string? value) => value is null ? null : JsonValue.Create(value).ToJsonString(Readable);
}
