using System.Globalization;
using Holoflow.Contracts;
using Holoflow.Domain.Schedules;

namespace Holoflow.StateStore.Definitions;

/// <summary>Whether schedules can be understood; the answer names the first that cannot.</summary>
static class ScheduleCheck
{
    public static CommandAnswered? Check(IReadOnlyList<Contracts.ScheduleDefinition>? schedules)
    {
        for (var i = 0; i < (schedules?.Count ?? 0); i++)
        {
            if (Check(schedules![i]) is var (field, reason))
                return new CommandAnswered(CommandOutcome.Refused, reason) { Field = $"schedules[{i}].{field}" };
        }

        return null;
    }

    static (string Field, string Reason)? Check(Contracts.ScheduleDefinition schedule)
    {
        var definition = new Domain.Schedules.ScheduleDefinition
        {
            Cron = schedule.Cron,
            IntervalSeconds = schedule.IntervalSeconds,
            AnchorDate = schedule.AnchorDate?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            Rrule = schedule.Rrule,
            TimeZone = schedule.TimeZone,
        };
        if (Schedule.TryParse(definition, out var mistakes) is null)
            return (mistakes[0].Field == "interval" ? "intervalSeconds" : mistakes[0].Field, string.Join("; ", mistakes.Select(m => m.Message)));
        if (schedule.CatchUp is not ("all" or "last" or "none"))
            return ("catchUp", $"'{schedule.CatchUp}' is no catch-up policy: all, last or none");
        if (schedule.ExpirySeconds is { } expiry && !(expiry is > 0 and <= 1e9))
            return ("expirySeconds", "the expiry must be more than 0 seconds, or left out");
        return schedule.Parameters is { ValueKind: not System.Text.Json.JsonValueKind.Object } ? ("parameters", "the parameters must be a JSON object") : null;
    }
}
