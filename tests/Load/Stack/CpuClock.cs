using System.Globalization;

namespace Holoflow.Load.Stack;

/// <summary>CPU time and memory of processes with all that they started, from the kernel's own books.</summary>
static class CpuClock
{
    /// <summary>Clock ticks a second in <c>/proc</c>.</summary>
    const double TicksPerSecond = 100;

    /// <summary>User and system time of the processes, of their living descendants, and of those that ended and were waited for.</summary>
    public static TimeSpan Of(IEnumerable<int> roots)
    {
        var all = Snapshot();
        var members = roots.ToHashSet();
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var process in all)
                grown |= members.Contains(process.Parent) && members.Add(process.Id);
        }

        return TimeSpan.FromSeconds(all.Where(p => members.Contains(p.Id)).Sum(p => p.Ticks) / TicksPerSecond);
    }

    /// <summary>The resident memory of a process, in MiB.</summary>
    public static double ResidentMiB(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    static List<(int Id, int Parent, long Ticks)> Snapshot()
    {
        var processes = new List<(int, int, long)>();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var text = File.ReadAllText(Path.Combine(path, "stat"));
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                processes.Add((id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture))));
            }
            catch (IOException)
            {
                // Gone meanwhile: its parent's books hold its time.
            }
        }

        return processes;
    }
}
