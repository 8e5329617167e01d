using System.Globalization;

namespace Holoflow.Domain.Schedules.Cron;

/// <summary>Reads one field of an expression; the first thing that is wrong in it becomes its mistake.</summary>
sealed class CronFieldReader(CronField field, string text)
{
    ulong _bits;
    ulong _ordinals;
    bool _lastDay;
    bool _star;

    public string? Mistake { get; private set; }

    public CronFieldValues Read()
    {
        foreach (var item in text.ToUpperInvariant().Split(','))
        {
            if (!ReadItem(item))
                break;
        }

        var values = field == CronField.DayOfWeek ? (_bits & 0x7F) | (_bits >> 7 & 1) : _bits;
        return new CronFieldValues(values, _lastDay, _ordinals, ulong.PopCount(values) == (ulong)field.Count, _star);
    }

    bool ReadItem(string item)
    {
        if (item.Length == 0)
            return Wrong("has an empty item");
        if (item == "L" && field == CronField.DayOfMonth)
            return _lastDay = true;
        if (field == CronField.DayOfWeek && (item.Contains('#') || item[0] == 'L'))
            return ReadOrdinal(item);

        var slash = item.IndexOf('/');
        var range = slash < 0 ? item : item[..slash];
        var step = 1;
        if (slash >= 0 && !ReadStep(item[(slash + 1)..], out step))
            return false;

        return range is "*" or "?" ? ReadStar(range, step) : ReadRange(range, step, opensToMax: slash >= 0);
    }

    bool ReadStar(string star, int step)
    {
        if (star == "?" && !field.IsDay)
            return Wrong("has '?', which only the day-of-month and day-of-week fields may hold; write '*'");
        _star = true;
        return AddRange(field.Min, field.Max, step);
    }

    bool ReadRange(string range, int step, bool opensToMax)
    {
        var dash = range.IndexOf('-');
        if (dash < 0)
            return ReadValue(range, out var single) && AddRange(single, opensToMax ? field.Max : single, step);

        if (!ReadValue(range[..dash], out var low))
            return false;
        var highText = range[(dash + 1)..];
        if (highText == "L" && field == CronField.DayOfMonth)
            return AddRange(low, field.Max, step);
        if (!ReadValue(highText, out var high))
            return false;
        if (high == 0 && low > 0 && field == CronField.DayOfWeek)
            high = 7;
        return low <= high
            ? AddRange(low, high, step)
            : Wrong($"has the range '{range}', which runs backwards; write it as two: {range[..dash]}-{field.Max},{field.Min}-{highText}");
    }

    bool ReadOrdinal(string item)
    {
        var hash = item.IndexOf('#');
        if (hash < 0)
        {
            if (!ReadValue(item[1..], out var last))
                return false;
            _ordinals |= 1UL << (8 * (last % 7));
            return true;
        }

        if (!ReadValue(item[..hash], out var weekday))
            return false;
        if (item[(hash + 1)..] is not [>= '1' and <= '5'] ordinal)
            return Wrong($"has '{item}': after '#' goes which one of the month, 1 to 5");
        _ordinals |= 1UL << ((8 * (weekday % 7)) + (ordinal[0] - '0'));
        return true;
    }

    bool ReadStep(string digits, out int step)
    {
        if (!IsNumber(digits, out step) || step == 0)
            return Wrong($"has the step '{digits}'; a step is a number from 1 to {field.Count}");
        return step <= field.Count
            || Wrong($"has the step {step}, longer than the field ({field.Range}); a step never reaches into the next hour, day or month: use an interval for that");
    }

    bool ReadValue(string value, out int number)
    {
        if (IsNumber(value, out number))
            return (number >= field.Min && number <= field.Max) || Wrong($"has {value}, outside {field.Range}");
        number = Array.IndexOf(field.Names, value);
        if (number < 0)
            return Wrong($"has '{value}', which is not one of {field.Range}");
        number += field.Min;
        return true;
    }

    static bool IsNumber(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    bool AddRange(int low, int high, int step)
    {
        for (var value = low; value <= high; value += step)
            _bits |= 1UL << value;
        return true;
    }

    bool Wrong(string what)
    {
        Mistake = $"the {field.Name} field '{text}' {what} (right would be: {field.Example})";
        return false;
    }
}
