using Holoflow.RunProtocol;

namespace Holoflow.Agent.State;

/// <summary>
/// Removes what the system itself wrote into the directories of runs that ended long ago and were told whole: journal, streams, kept
/// results. Artifacts, and whatever a flow wrote there itself, stay.
/// </summary>
/// <param name="home">The state directory of the user.</param>
/// <param name="keptFor">From the end of a run to the removal.</param>
/// <param name="time">The clock.</param>
sealed class OldRunFiles(string home, TimeSpan keptFor, TimeProvider time)
{
    // Whoever takes the mark away removes the rest: one of any number of agents.
    const string Taken = ".taken";

    /// <summary>One pass; returns how many runs were cleared.</summary>
    public int RunOnce(CancellationToken cancellation)
    {
        var runs = Path.Combine(home, "runs");
        if (!Directory.Exists(runs))
            return 0;
        var cleared = 0;
        foreach (var path in Directory.EnumerateDirectories(runs).Where(IsOldEnough))
        {
            cancellation.ThrowIfCancellationRequested();
            cleared += Clear(path) ? 1 : 0;
        }

        return cleared;
    }

    // A run's id holds the time of its making: a young run's directory is not looked at.
    bool IsOldEnough(string path) =>
        Guid.TryParseExact(Path.GetFileName(path), "D", out var id) && id.Version == 7 && MadeAt(id) < Limit();

    bool Clear(string path)
    {
        try
        {
            var run = new RunDirectory(path);
            var ended = new FileInfo(run.Ended);
            if (!ended.Exists || ended.LastWriteTimeUtc >= Limit().UtcDateTime || IsHeld(path))
                return false;
            File.Move(run.Ended, run.Ended + Taken);
            run.RemoveOwnFiles();
            File.Delete(run.Ended + Taken);
            if (!Directory.EnumerateFileSystemEntries(path).Any())
                Directory.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another agent was quicker, or the file system is not for writing now: the next pass finds what is left.
            return false;
        }
    }

    // An agent that takes the run once more saves its record before it touches the directory.
    bool IsHeld(string path) =>
        Directory.EnumerateDirectories(AgentDirectory.Root(home)).Any(agent => AgentDirectory.Holds(agent, Guid.Parse(Path.GetFileName(path))));

    DateTimeOffset Limit() => time.GetUtcNow() - keptFor;

    static DateTimeOffset MadeAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = 0L;
        foreach (var part in bytes[..6])
            milliseconds = (milliseconds << 8) | part;
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
