using Holoflow.Contracts;

namespace Holoflow.StateStore.Definitions;

/// <summary>Whether schedules can be understood; the answer names the first that cannot.</summary>
static class ScheduleCheck
{
    public static CommandAnswered? Check(IReadOnlyList<ScheduleDefinition>? schedules)
    {
        for (var i = 0; i < (schedules?.Count ?? 0); i++)
        {
            if (Check(schedules![i]) is var (field, reason))
                return new CommandAnswered(CommandOutcome.Refused, reason) { Field = $"schedules[{i}].{field}" };
        }

        return null;
    }

    static (string Field, string Reason)? Check(ScheduleDefinition schedule)
    {
        var kinds = (schedule.Cron is null ? 0 : 1) + (schedule.IntervalSeconds is null ? 0 : 1) + (schedule.Rrule is null ? 0 : 1);
        if (kinds != 1)
            return ("cron", "a schedule has exactly one of cron, intervalSeconds and rrule");
        if (schedule.CatchUp is not ("all" or "last" or "none"))
            return ("catchUp", $"'{schedule.CatchUp}' is no catch-up policy: all, last or none");
        if (schedule.ExpirySeconds is { } expiry && !(expiry is > 0 and <= 1e9))
            return ("expirySeconds", "the expiry must be more than 0 seconds, or left out");
        return schedule.Parameters is { ValueKind: not System.Text.Json.JsonValueKind.Object } ? ("parameters", "the parameters must be a JSON object") : null;
    }
}
