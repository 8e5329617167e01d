using System.Globalization;

namespace Holoflow.Agent.Processes;

/// <summary>The machine's processes, as <c>/proc</c> lists them.</summary>
static class ProcessTable
{
    /// <summary>More than any machine starts in a second: within so many, ids that were given since have not come round.</summary>
    const double MostStartsASecond = 5_000;

    static readonly double IdsToGive = double.Parse(File.ReadAllText("/proc/sys/kernel/pid_max"), CultureInfo.InvariantCulture);

    /// <summary>This process, if it lives, and all that were started after it; perhaps others.</summary>
    public static List<ProcessStat> StartedSince(ProcessIdentity first)
    {
        var least = NoneIsLower(first) ? first.Id : 0;
        var processes = new List<ProcessStat>();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id >= least
                && ProcessStat.Read(id) is { IsGone: false } process)
                processes.Add(process);
        }

        return processes;
    }

    // Ids are given in order: while they have not come round, what is younger has a higher one, and most processes need not be read.
    static bool NoneIsLower(ProcessIdentity first) =>
        first.StartTicks >= 0 && first.Age.TotalSeconds < IdsToGive / MostStartsASecond && LastGiven() >= first.Id;

    static int LastGiven()
    {
        var text = File.ReadAllText("/proc/loadavg");
        return int.Parse(text.AsSpan(text.LastIndexOf(' ') + 1).Trim(), CultureInfo.InvariantCulture);
    }
}
