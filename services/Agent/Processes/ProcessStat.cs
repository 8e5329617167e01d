using System.Globalization;

namespace Holoflow.Agent.Processes;

/// <summary>A process as the kernel tells of it in <c>/proc/&lt;pid&gt;/stat</c> (proc(5)).</summary>
/// <param name="Id">The process id.</param>
/// <param name="Name">The command's name, at most 15 characters.</param>
/// <param name="State">R, S, D, T, Z…</param>
/// <param name="Parent">The parent's process id.</param>
/// <param name="Session">The process id of the session's leader.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine booted: with the process id it names a process for good.</param>
readonly record struct ProcessStat(int Id, string Name, char State, int Parent, int Session, long StartTicks)
{
    public bool IsGone => State is 'Z' or 'X';

    /// <summary>The process, or null where there is none (any more).</summary>
    public static ProcessStat? Read(int id)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The name is in parentheses and may hold any character, parentheses and spaces too.
    internal static ProcessStat? Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open < 0 || close < open)
            return null;
        var fields = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length < 20
            || !int.TryParse(text.AsSpan(0, open), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id)
            || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
            || !int.TryParse(fields[3], CultureInfo.InvariantCulture, out var session)
            || !long.TryParse(fields[19], CultureInfo.InvariantCulture, out var start))
            return null;
        return new ProcessStat(id, text[(open + 1)..close], fields[0][0], parent, session, start);
    }
}
