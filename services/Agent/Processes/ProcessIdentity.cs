using System.Globalization;

namespace Holoflow.Agent.Processes;

/// <summary>Names a process for as long as the machine is up: ids are used again, an id with its start time is not.</summary>
readonly record struct ProcessIdentity(int Id, long StartTicks)
{
    /// <summary>Clock ticks a second in <c>/proc</c>: fixed at 100 on Linux, whatever the kernel's own timer is.</summary>
    const double TicksPerSecond = 100;

    public bool IsAlive => ProcessStat.Read(Id) is { IsGone: false } stat && stat.StartTicks == StartTicks;

    /// <summary>How long ago the process started; not touched by steps of the wall clock.</summary>
    public TimeSpan Age
    {
        get
        {
            var uptime = File.ReadAllText("/proc/uptime");
            var seconds = double.Parse(uptime.AsSpan(0, uptime.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(Math.Max(0, seconds - (StartTicks / TicksPerSecond)));
        }
    }

    /// <summary>This process.</summary>
    public static ProcessIdentity? Of(int id) => ProcessStat.Read(id) is { IsGone: false } stat ? new ProcessIdentity(id, stat.StartTicks) : null;

    /// <summary>Reads <c>&lt;id&gt; &lt;start&gt;</c> and a newline; null where it is not (yet) that.</summary>
    public static ProcessIdentity? Parse(string text)
    {
        if (!text.EndsWith('\n'))
            return null;
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2
            && int.TryParse(words[0], CultureInfo.InvariantCulture, out var id)
            && long.TryParse(words[1], CultureInfo.InvariantCulture, out var start)
            ? new ProcessIdentity(id, start)
            : null;
    }
}
