namespace Holoflow.Domain.Schedules.Cron;

/// <summary>
/// A cron expression: minute, hour, day of month, month, day of week.
/// <para>A field holds <c>*</c>, numbers, names (JAN, MON, in any case), ranges (<c>1-5</c>), steps (<c>*/15</c>, <c>8-18/2</c>, <c>5/10</c> which is
/// <c>5-59/10</c>) and lists of these. The day fields also take <c>?</c> (the same as <c>*</c>); day of month takes <c>L</c> (last day); day of week
/// takes 0 and 7 for Sunday, <c>FRI#2</c> (second Friday of the month) and <c>LFRI</c> (last Friday). <c>@hourly</c>, <c>@daily</c> (<c>@midnight</c>),
/// <c>@weekly</c>, <c>@monthly</c>, <c>@yearly</c> (<c>@annually</c>) stand for whole expressions. There is no field for seconds.</para>
/// <para>Where both day fields are restricted (neither covers all its values, as in croniter), a day that matches either fires, unless the
/// expression was read with <c>dayOr</c> false.</para>
/// <para>When clocks change:</para>
/// <list type="bullet">
/// <item>An expression with fixed hours fires once for each wall time. In autumn a repeated wall time fires at its first occurrence only. In
/// spring the wall times that do not exist fire together, once, at the first instant after the gap.</item>
/// <item>An expression for every hour, or every n-th (its hour field has <c>*</c>, or lists all 24), fires whenever the clock on the wall shows a
/// matching time: in both passes of a repeated hour, and not in an hour that does not exist.</item>
/// </list>
/// <para>This is Vixie cron's rule, except that Vixie also counts a <c>*</c> in the minute field as the second kind: <c>*/15 2 * * *</c> would
/// lose a day in spring and double in autumn.</para>
/// </summary>
public sealed class CronExpression
{
    static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@hourly"] = "0 * * * *",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@weekly"] = "0 0 * * 0",
        ["@monthly"] = "0 0 1 * *",
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
    };

    /// <summary>Long enough to hold any change of clocks near its ends, short enough to hold one at most.</summary>
    static readonly TimeSpan Horizon = TimeSpan.FromHours(48);

    readonly CronFieldValues _minutes;
    readonly CronFieldValues _hours;
    readonly CronDays _days;
    readonly bool _followsClock;

    CronExpression(string text, CronFieldValues[] fields, bool dayOr)
    {
        Text = text;
        (_minutes, _hours) = (fields[0], fields[1]);
        _days = new CronDays(fields[2], fields[3], fields[4], dayOr);
        _followsClock = _hours.HasStar || _hours.IsAll;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <exception cref="InvalidScheduleException">The text is not a cron expression, or names only days that never come.</exception>
    public static CronExpression Parse(string text, bool dayOr = true)
    {
        var mistakes = new List<ScheduleMistake>();
        return TryParse(text, dayOr, mistakes) ?? throw new InvalidScheduleException(mistakes);
    }

    /// <summary>The first fire time after <paramref name="after"/>; null only beyond the year 9997.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, ZoneClock clock)
    {
        var utc = ZoneClock.Within(after);
        return _followsClock ? NextShown(utc, clock) : NextOnce(utc, clock);
    }

    public override string ToString() => Text;

    internal static CronExpression? TryParse(string text, bool dayOr, List<ScheduleMistake> mistakes)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith('@') && !Aliases.ContainsKey(trimmed))
            return Refuse($"'{trimmed}' is not an alias; use one of {string.Join(", ", Aliases.Keys)}, or five fields", mistakes);

        var parts = (Aliases.GetValueOrDefault(trimmed) ?? trimmed).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != CronField.InOrder.Length)
        {
            var hint = parts.Length == 6 ? "; fields for seconds or years are not supported" : "";
            return Refuse($"'{trimmed}' has {parts.Length} fields; write five: minute hour day-of-month month day-of-week{hint}", mistakes);
        }

        var readers = CronField.InOrder.Zip(parts, (field, part) => new CronFieldReader(field, part)).ToArray();
        var fields = Array.ConvertAll(readers, reader => reader.Read());
        var wrong = readers.Select(reader => reader.Mistake).OfType<string>().ToArray();
        foreach (var mistake in wrong)
            _ = Refuse(mistake, mistakes);
        if (wrong.Length > 0)
            return null;

        var expression = new CronExpression(trimmed, fields, dayOr);
        return expression._days.AtOrAfter(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)) is null
            ? Refuse($"'{trimmed}' never fires: day-of-month '{parts[2]}' with month '{parts[3]}' and day-of-week '{parts[4]}' names no day "
                + "that any year has; correct the day or the month", mistakes)
            : expression;
    }

    static CronExpression? Refuse(string message, List<ScheduleMistake> mistakes)
    {
        mistakes.Add(new ScheduleMistake("cron", "cron: " + message));
        return null;
    }

    /// <summary>Fixed hours: each matching wall time means one instant.</summary>
    DateTimeOffset? NextOnce(DateTime afterUtc, ZoneClock clock)
    {
        var wall = WallTimeAtOrAfter(NextMinute(afterUtc + clock.OffsetAt(afterUtc)));
        while (wall is { } candidate)
        {
            var instant = clock.InstantAt(candidate);
            if (instant.UtcDateTime > afterUtc)
                return instant;

            // The second pass of a repeated hour: this wall time had its turn in the first.
            wall = WallTimeAtOrAfter(NextMinute(candidate));
        }

        return null;
    }

    /// <summary>Every hour: walks from one change of clocks to the next, as in between wall time and elapsed time agree.</summary>
    DateTimeOffset? NextShown(DateTime afterUtc, ZoneClock clock)
    {
        var earliest = afterUtc.AddTicks(1);
        while (true)
        {
            var offset = clock.OffsetAt(earliest);
            if (WallTimeAtOrAfter(WholeMinuteAtOrAfter(earliest + offset)) is not { } wall)
                return null;

            var instant = DateTime.SpecifyKind(wall - offset, DateTimeKind.Utc);
            var isFar = instant - earliest > Horizon;
            if (clock.NextOffsetChange(earliest, isFar ? earliest + Horizon : instant) is { } change)
                earliest = change;
            else if (!isFar)
                return clock.In(instant);
            else
                earliest = DateTime.SpecifyKind(wall.AddHours(-20), DateTimeKind.Utc);
        }
    }

    DateTime? WallTimeAtOrAfter(DateTime minute)
    {
        var time = TimeOfDayAtOrAfter(minute.Hour, minute.Minute);
        var day = _days.AtOrAfter(time is null ? minute.Date.AddDays(1) : minute.Date);
        return day == minute.Date ? day + time : day + new TimeSpan(_hours.First, _minutes.First, 0);
    }

    TimeSpan? TimeOfDayAtOrAfter(int hour, int minute)
    {
        if (_hours.Contains(hour) && _minutes.AtLeast(minute) is >= 0 and var sameHour)
            return new TimeSpan(hour, sameHour, 0);
        var later = _hours.AtLeast(hour + 1);
        return later < 0 ? null : new TimeSpan(later, _minutes.First, 0);
    }

    static DateTime NextMinute(DateTime wall) => WholeMinuteAtOrAfter(wall.AddTicks(1));

    static DateTime WholeMinuteAtOrAfter(DateTime wall) =>
        new((wall.Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, DateTimeKind.Unspecified);
}
