using System.Globalization;
using Holoflow.Domain.Schedules.Cron;
using Holoflow.Domain.Schedules.Recurrence;

namespace Holoflow.Domain.Schedules;

/// <summary>Turns one definition into a schedule, and goes on after a mistake to find the others.</summary>
sealed class ScheduleReader(ScheduleDefinition definition)
{
    /// <summary>No schedule that a person means is longer.</summary>
    const int LongestText = 6_500;

    static readonly DateTime DefaultAnchor = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    static readonly string[] LocalForms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    static readonly string[] OffsetForms = [.. LocalForms.Skip(1).Select(form => form + "K")];

    readonly List<ScheduleMistake> _mistakes = [];

    public IReadOnlyList<ScheduleMistake> Mistakes => _mistakes;

    public Schedule? Read()
    {
        if (!AreTextsShort())
            return null;
        var clock = ReadZone();
        var anchor = ReadAnchor(clock);
        CheckOneKind();

        return definition switch
        {
            { Cron: { } cron } => ReadCron(cron, clock),
            { IntervalSeconds: { } seconds } => ReadInterval(seconds, anchor, clock),
            { Rrule: { } rule } => RecurrenceText.Read(rule, anchor, definition.TimeZone is null ? null : clock, _mistakes),
            _ => null,
        };
    }

    bool AreTextsShort()
    {
        foreach (var (field, text) in new[]
                 {
                     ("cron", definition.Cron), ("rrule", definition.Rrule), ("anchorDate", definition.AnchorDate), ("timeZone", definition.TimeZone),
                 })
        {
            if (text?.Length > LongestText)
                Add(field, $"{field} is {text.Length} characters long; at most {LongestText} are taken");
        }

        return _mistakes.Count == 0;
    }

    void CheckOneKind()
    {
        string?[] kinds =
        [
            definition.Cron is null ? null : "cron",
            definition.IntervalSeconds is null ? null : "interval",
            definition.Rrule is null ? null : "rrule",
        ];
        var given = kinds.OfType<string>().ToArray();
        if (given.Length == 0)
            Add("schedule", "the schedule is empty: give one of cron, interval and rrule");
        if (given.Length > 1)
            Add("schedule", $"{string.Join(" and ", given)} are given together: give exactly one of cron, interval and rrule");
        if (definition is { AnchorDate: not null, Cron: not null })
            Add("anchorDate", "an anchor date goes with interval or rrule, not with cron: leave it out");
        if (definition is { DayOr: false, Cron: null })
            Add("dayOr", "dayOr goes with cron only: leave it out");
    }

    ZoneClock ReadZone()
    {
        if (definition.TimeZone is null)
            return ZoneClock.Utc;
        if (ZoneClock.TryFind(definition.TimeZone, out var clock, out var mistake))
            return clock;
        Add("timeZone", mistake);
        return ZoneClock.Utc;
    }

    DateTime ReadAnchor(ZoneClock clock)
    {
        if (definition.AnchorDate is not { } text)
            return DefaultAnchor;
        if (DateTime.TryParseExact(text, LocalForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) && IsNearEnough(wall))
            return wall;
        if (DateTimeOffset.TryParseExact(text, OffsetForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && IsNearEnough(instant.DateTime))
            return clock.WallTimeAt(instant);
        Add("anchorDate", $"anchor date '{text}' is not a date; write 2024-01-31, 2024-01-31T06:00 or 2024-01-31T06:00Z (years 1900 to 9000)");
        return DefaultAnchor;
    }

    static bool IsNearEnough(DateTime date) => date.Year is >= 1900 and <= 9000;

    CronSchedule? ReadCron(string text, ZoneClock clock) =>
        CronExpression.TryParse(text, definition.DayOr, _mistakes) is { } expression ? new CronSchedule(expression, clock) : null;

    IntervalSchedule? ReadInterval(double seconds, DateTime anchor, ZoneClock clock)
    {
        // Written so that not-a-number is refused too.
        if (!(seconds >= IntervalSchedule.Shortest.TotalSeconds && seconds <= IntervalSchedule.Longest.TotalSeconds))
        {
            Add("interval", string.Create(CultureInfo.InvariantCulture,
                $"interval {seconds} s is out of range; give 1 s to {IntervalSchedule.Longest.TotalSeconds} s (36,500 days)"));
            return null;
        }

        return new IntervalSchedule(TimeSpan.FromSeconds(seconds), clock.InstantAt(anchor), clock);
    }

    void Add(string field, string message) => _mistakes.Add(new ScheduleMistake(field, message));
}
