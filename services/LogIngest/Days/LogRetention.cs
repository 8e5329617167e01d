namespace Holoflow.LogIngest.Days;

/// <summary>One day of the log.</summary>
/// <param name="Day">In days since 1970-01-01 UTC.</param>
/// <param name="Bytes">With its indexes.</param>
readonly record struct LogDay(int Day, long Bytes);

/// <summary>Which days of the log go: pure.</summary>
static class LogRetention
{
    /// <summary>The days to drop, oldest first: those that are too old, then as many as are too much. The last day and today stay.</summary>
    public static IReadOnlyList<int> Decide(IEnumerable<LogDay> days, int today, LogIngestOptions options)
    {
        var inOrder = days.Where(d => d.Day < today - 1).OrderBy(d => d.Day).ToList();
        var left = days.Sum(d => d.Bytes);
        var drop = new List<int>();
        foreach (var day in inOrder)
        {
            var isOld = options.KeepDays is { } keep && day.Day < today - keep;
            if (!isOld && (options.KeepBytes is not { } most || left <= most))
                continue;
            drop.Add(day.Day);
            left -= day.Bytes;
        }

        return drop;
    }
}
