using System.Globalization;

namespace Holoflow.Domain.Schedules.Recurrence;

/// <summary>Reads the lines of a recurrence: DTSTART, RRULE, RDATE, EXDATE, or a rule's value alone.</summary>
sealed class RecurrenceText
{
    /// <summary>Every rule costs time in each question; nobody needs more.</summary>
    const int MostRules = 16;

    static readonly string[] TimeForms = ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmm", "yyyyMMdd"];

    readonly List<ScheduleMistake> _mistakes;
    ZoneClock? _clock;
    string? _clockFrom;

    RecurrenceText(ZoneClock? clock, List<ScheduleMistake> mistakes)
    {
        (_clock, _mistakes) = (clock, mistakes);
        _clockFrom = clock is null ? null : "the schedule's time zone";
    }

    /// <param name="anchor">The start of rules without a DTSTART line.</param>
    /// <param name="clock">The definition's zone; null where it names none, so that TZID decides.</param>
    /// <param name="mistakes">Takes everything that is wrong.</param>
    public static RecurrenceSchedule? Read(string text, DateTime anchor, ZoneClock? clock, List<ScheduleMistake> mistakes)
    {
        var before = mistakes.Count;
        var schedule = new RecurrenceText(clock, mistakes).Read(text, anchor);
        return mistakes.Count == before ? schedule : null;
    }

    RecurrenceSchedule? Read(string text, DateTime anchor)
    {
        var lines = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Line.Split).ToArray();
        var ruleCount = lines.Count(line => line.Name == "RRULE");
        if (lines.Length == 0 || ruleCount > MostRules)
        {
            Wrong(lines.Length == 0 ? "the text is empty; write for example FREQ=DAILY;BYHOUR=6" : $"{ruleCount} RRULE lines are too many; at most {MostRules} are taken");
            return null;
        }

        foreach (var line in lines.Where(line => line.Name is not ("DTSTART" or "RRULE" or "RDATE" or "EXDATE")))
        {
            Wrong(line.Name == "EXRULE"
                ? "EXRULE is not supported (RFC 5545 withdrew it); name the dates in EXDATE lines"
                : $"'{line.Name}' is not a recurrence line; use DTSTART, RRULE, RDATE and EXDATE");
        }

        // Zones first: a time that ends in Z can be placed on the wall clock only once the clock is known.
        foreach (var line in lines)
            ReadParameters(line);

        var starts = lines.Where(line => line.Name == "DTSTART").SelectMany(Times).ToArray();
        if (starts.Length > 1)
            Wrong("DTSTART is given more than once; give one time");
        var start = starts.Length > 0 ? starts[0] : anchor;
        var rules = lines.Where(line => line.Name == "RRULE").Select(line => ReadRule(line, start)).OfType<RecurrenceRule>().ToArray();
        var dates = lines.Where(line => line.Name == "RDATE").SelectMany(Times).ToArray();
        var excluded = lines.Where(line => line.Name == "EXDATE").SelectMany(Times).ToArray();
        if (!lines.Any(line => line.Name is "RRULE" or "RDATE"))
            Wrong("there is no RRULE or RDATE line, so nothing would ever fire");
        return new RecurrenceSchedule(new RecurrenceSet(rules, dates, excluded), _clock ?? ZoneClock.Utc);
    }

    RecurrenceRule? ReadRule(Line line, DateTime start)
    {
        if (new RecurrenceRuleReader(line.Value, ReadTime, Wrong).Read() is not { } parts)
            return null;
        var rule = new RecurrenceRule(parts, start);
        if (parts.Until < start)
            Wrong($"UNTIL lies before the start {start:yyyy-MM-dd'T'HH:mm:ss}, so '{line.Value}' never fires");
        else if (!rule.IsReachable)
            Wrong($"'{line.Value}' never fires: steps of INTERVAL={parts.Interval} from {start:HH:mm:ss} never meet BYHOUR, BYMINUTE and BYSECOND");
        else if (!rule.EverFires)
            Wrong($"'{line.Value}' never fires: its parts name no time after the start {start:yyyy-MM-dd'T'HH:mm:ss}{(parts.Until is null ? "" : " and before UNTIL")}");
        else
            return rule;
        return null;
    }

    void ReadParameters(Line line)
    {
        foreach (var parameter in line.Parameters)
        {
            if (line.Name != "RRULE" && parameter.StartsWith("TZID=", StringComparison.OrdinalIgnoreCase))
                TakeZone(parameter["TZID=".Length..], line.Name);
            else if (line.Name == "RRULE" || parameter.ToUpperInvariant() is not ("VALUE=DATE-TIME" or "VALUE=DATE"))
                Wrong($"{line.Name} has the parameter '{parameter}'; only TZID, VALUE=DATE and VALUE=DATE-TIME are taken, on lines with times");
        }
    }

    void TakeZone(string id, string line)
    {
        if (!ZoneClock.TryFind(id, out var found, out var mistake))
            Wrong($"{line}: {mistake}");
        else if (_clock is not null && _clock.Zone.Id != found.Zone.Id)
            Wrong($"{line} has TZID={id}, but {_clockFrom} is {_clock.Zone.Id}; a schedule has one zone");
        else
            (_clock, _clockFrom) = (found, $"TZID of {line}");
    }

    IEnumerable<DateTime> Times(Line line)
    {
        foreach (var text in line.Value.Split(','))
        {
            if (ReadTime(text) is { } time)
                yield return time;
            else
                Wrong($"{line.Name} has '{text}'; write times as 20240131T060000 (wall time) or 20240131T050000Z (UTC), years 1900 to 9000");
        }
    }

    DateTime? ReadTime(string text)
    {
        var isUtc = text.EndsWith('Z');
        if (!DateTime.TryParseExact(isUtc ? text[..^1] : text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || time.Year is < 1900 or > 9000)
        {
            return null;
        }

        return isUtc ? (_clock ?? ZoneClock.Utc).WallTimeAt(new DateTimeOffset(time, TimeSpan.Zero)) : time;
    }

    void Wrong(string what) => _mistakes.Add(new ScheduleMistake("rrule", "rrule: " + what));

    sealed record Line(string Name, string[] Parameters, string Value)
    {
        public static Line Split(string text)
        {
            var colon = text.IndexOf(':');
            if (colon < 0)
                return new Line("RRULE", [], text.ToUpperInvariant());
            var head = text[..colon].Split(';');
            return new Line(head[0].ToUpperInvariant(), head[1..], text[(colon + 1)..].ToUpperInvariant());
        }
    }
}
