using System.Globalization;
using Holoflow.Api.Edge;
using Holoflow.ApiModel.Schedules;
using Holoflow.Domain.Schedules;
using Definition = Holoflow.Domain.Schedules.ScheduleDefinition;

namespace Holoflow.Api.Reads;

/// <summary>Schedules as the arithmetic knows them.</summary>
public static class FireTimes
{
    /// <summary>More steps than any sensible rule takes to its next fire times.</summary>
    public const int MostShown = 100;

    /// <summary>The next fire times; none where the schedule is off, ended, or (kept by another version) not understood.</summary>
    public static IReadOnlyList<DateTimeOffset> Next(ScheduleSpec spec, DateTimeOffset now, int count) =>
        spec.Active && count > 0 && Schedule.TryParse(DefinitionOf(spec), out _) is { } schedule ? [.. schedule.Occurrences(now).Take(count)] : [];

    /// <summary>What is wrong with a schedule's times; nothing where it can be kept.</summary>
    public static IReadOnlyList<string> Mistakes(ScheduleSpec spec)
    {
        _ = Schedule.TryParse(DefinitionOf(spec), out var mistakes);
        return [.. mistakes.Select(m => m.Message)];
    }

    /// <summary>Notes what is wrong with a schedule.</summary>
    /// <param name="errors">Takes the mistakes.</param>
    /// <param name="path">Where the schedule stands in the request.</param>
    /// <param name="spec">The schedule.</param>
    internal static void Check(FieldErrors errors, string path, ScheduleSpec spec)
    {
        _ = Schedule.TryParse(DefinitionOf(spec), out var mistakes);
        foreach (var mistake in mistakes)
            errors.Add(FieldOf(path, mistake.Field), mistake.Message);
        if (spec.ExpirySeconds is { } expiry && !(expiry is > 0 and <= 315_360_000))
            errors.Add($"{path}.expirySeconds", "must be more than 0 and at most 315360000 seconds (ten years)");
    }

    static string FieldOf(string path, string field) => field switch
    {
        "schedule" => path,
        "interval" => $"{path}.intervalSeconds",
        _ => $"{path}.{field}",
    };

    static Definition DefinitionOf(ScheduleSpec spec) => new()
    {
        Cron = spec.Cron,
        IntervalSeconds = spec.IntervalSeconds,
        AnchorDate = spec.AnchorDate?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        Rrule = spec.Rrule,
        TimeZone = spec.TimeZone,
    };
}
