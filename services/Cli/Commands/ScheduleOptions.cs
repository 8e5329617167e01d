using System.CommandLine;
using Holoflow.ApiModel.Schedules;

namespace Holoflow.Cli.Commands;

/// <summary>The options that say when a deployment runs by itself.</summary>
sealed class ScheduleOptions
{
    readonly Option<string?> _cron = new("--cron") { Description = "Five fields: minute, hour, day of month, month, day of week.", HelpName = "C" };
    readonly Option<TimeSpan?> _interval = CommonOptions.Duration("--interval", "A fixed pause between runs: seconds, or a duration such as 6h.");
    readonly Option<DateTimeOffset?> _anchor = CommonOptions.TimeBehind("--anchor-date", "A time that the interval is counted from.", TimeProvider.System);
    readonly Option<string?> _rrule = new("--rrule") { Description = "A recurrence rule of RFC 5545.", HelpName = "R" };
    readonly Option<string?> _timeZone = new("--timezone") { Description = "The time zone of the schedule (IANA name); UTC where nothing is said.", HelpName = "Z" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _cron, _interval, _anchor, _rrule, _timeZone })
            command.Add(option);
    }

    /// <summary>The schedule asked for; null where none of the options is there.</summary>
    /// <exception cref="CommandException">They contradict each other.</exception>
    public ScheduleSpec? Read(CommandContext context)
    {
        var kinds = new[] { (_cron.Name, context.Value(_cron) is not null), (_interval.Name, context.Value(_interval) is not null), (_rrule.Name, context.Value(_rrule) is not null) }
            .Where(k => k.Item2).Select(k => k.Name).ToList();
        if (kinds.Count > 1)
            throw CommandException.BadInput($"{string.Join(" and ", kinds)} do not go together: choose one");
        if (context.Value(_anchor) is not null && context.Value(_interval) is null)
            throw CommandException.BadInput($"{_anchor.Name} goes with {_interval.Name} only");
        if (kinds.Count == 0)
            return context.Value(_timeZone) is null ? null : throw CommandException.BadInput($"{_timeZone.Name} goes with {_cron.Name}, {_interval.Name} or {_rrule.Name}");
        if (context.Value(_interval) is { } interval && interval < TimeSpan.FromSeconds(1))
            throw CommandException.BadInput($"{_interval.Name} must be at least 1 s");
        if (context.Value(_timeZone) is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            throw CommandException.BadInput($"{_timeZone.Name} '{zone}' is no time zone{Input.NearMatch.Clause(zone, TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id))}");
        return new ScheduleSpec
        {
            Cron = context.Value(_cron),
            IntervalSeconds = context.Value(_interval)?.TotalSeconds,
            AnchorDate = context.Value(_anchor),
            Rrule = context.Value(_rrule),
            TimeZone = context.Value(_timeZone),
        };
    }
}
