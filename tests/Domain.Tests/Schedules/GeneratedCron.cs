using System.Globalization;

namespace Holoflow.Domain.Tests.Schedules;

/// <summary>A cron expression made together with the sets of values that it means, so that no parser is needed to know them.</summary>
sealed record GeneratedCron(string Text, HashSet<int> Minutes, HashSet<int> Hours, HashSet<int> Days, HashSet<int> Months, HashSet<int> Weekdays)
{
    static readonly string[] MonthNames = ["", "JAN", "feb", "Mar", "APR", "may", "JUN", "jul", "Aug", "SEP", "oct", "NOV", "dec"];
    static readonly string[] WeekdayNames = ["SUN", "mon", "Tue", "WED", "thu", "FRI", "sat", "7"];

    public bool FollowsClock => Text.Split(' ')[1].Contains('*') || Hours.Count == 24;

    public static GeneratedCron From(Random random)
    {
        while (true)
        {
            var (minute, minutes) = Field(random, 0, 59, null, 0.2);
            var (hour, hours) = Field(random, 0, 23, null, 0.35);
            var (day, days) = Field(random, 1, 31, null, 0.6);
            var (month, months) = Field(random, 1, 12, MonthNames, 0.7);
            var (weekday, weekdays) = Field(random, 0, 7, WeekdayNames, 0.6);
            if (weekdays.Remove(7))
                weekdays.Add(0);
            var cron = new GeneratedCron($"{minute} {hour} {day} {month} {weekday}", minutes, hours, days, months, weekdays);
            if (cron.CanFire)
                return cron;
        }
    }

    public bool MatchesDay(DateTime day)
    {
        var byDate = Days.Count == 31;
        var byWeekday = Weekdays.Count == 7;
        var (date, weekday) = (Days.Contains(day.Day), Weekdays.Contains((int)day.DayOfWeek));
        return Months.Contains(day.Month)
            && ((byDate && byWeekday) || (byDate ? weekday : byWeekday ? date : date || weekday));
    }

    public bool Matches(DateTime wall) => Minutes.Contains(wall.Minute) && Hours.Contains(wall.Hour) && MatchesDay(wall);

    bool CanFire => Weekdays.Count < 7 || Days.Any(day => Months.Any(month => day <= DateTime.DaysInMonth(2024, month)));

    static (string Text, HashSet<int> Values) Field(Random random, int min, int max, string[]? names, double star)
    {
        if (random.NextDouble() < star)
            return ("*", [.. Enumerable.Range(min, max - min + 1)]);
        var (items, values) = (new List<string>(), new HashSet<int>());
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var (low, high) = (random.Next(min, max + 1), random.Next(min, max + 1));
            if (low > high)
                (low, high) = (high, low);
            var step = random.Next(1, Math.Max(2, (max - min) / 2));
            (var item, var last, step) = random.Next(4) switch
            {
                0 => (Name(low), low, 1),
                1 => ($"{Name(low)}-{Name(high)}", high, 1),
                2 => ($"{Name(low)}-{Name(high)}/{step}", high, step),
                _ => ($"{Name(low)}/{step}", max, step),
            };
            items.Add(item);
            for (var value = low; value <= last; value += step)
                values.Add(value);
        }

        return (string.Join(',', items), values);

        string Name(int value) => names is not null && random.Next(2) == 0 ? names[value] : value.ToString(CultureInfo.InvariantCulture);
    }
}
