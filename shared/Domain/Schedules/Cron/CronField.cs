namespace Holoflow.Domain.Schedules.Cron;

/// <summary>What one of the five fields may hold.</summary>
/// <param name="Name">As messages call it.</param>
/// <param name="Names">Names for values, from <paramref name="Min"/> upwards; empty where there are none.</param>
/// <param name="Example">Right ways to write the field, for messages.</param>
sealed record CronField(string Name, int Min, int Max, string[] Names, string Example)
{
    public static readonly CronField Minute = new("minute", 0, 59, [], "0, 0-30, */15 or 0,30");
    public static readonly CronField Hour = new("hour", 0, 23, [], "6, 8-18, */2 or 6,18");
    public static readonly CronField DayOfMonth = new("day-of-month", 1, 31, [], "1, 1-7, */10, 1,15, L (last day) or *");

    public static readonly CronField Month = new("month", 1, 12,
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], "1, JAN-MAR, */3 or JAN,JUL");

    /// <summary>Both 0 and 7 are Sunday.</summary>
    public static readonly CronField DayOfWeek = new("day-of-week", 0, 7,
        ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], "1, MON-FRI, MON,THU, FRI#2 (second Friday), LFRI (last Friday) or *");

    /// <summary>In the order in which they are written.</summary>
    public static readonly CronField[] InOrder = [Minute, Hour, DayOfMonth, Month, DayOfWeek];

    public bool IsDay => this == DayOfMonth || this == DayOfWeek;

    /// <summary>How many values differ: 7 for the day of the week, though 0 to 7 may be written.</summary>
    public int Count => this == DayOfWeek ? 7 : Max - Min + 1;

    public string Range => $"{Min}-{Max}" + (Names.Length > 0 ? $" or {Names[0]}-{Names[^1]}" : "");
}
