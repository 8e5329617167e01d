using Holoflow.Agent.Processes;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Launch;

/// <summary>The supervisor of an attempt, started by this agent or found again.</summary>
/// <param name="Identity">Its process.</param>
/// <param name="Child">Where this agent started it: tells of its end at once.</param>
sealed record LaunchedProcess(ProcessIdentity Identity, ChildProcess? Child)
{
    /// <summary>How long a supervisor may take between making its process file and writing into it.</summary>
    static readonly TimeSpan WritingTime = TimeSpan.FromSeconds(5);

    /// <summary>True where the supervisor ended without beginning the attempt.</summary>
    public bool NeverBegan(RunDirectory directory, int attempt) => Child?.ExitStatus() == Supervisor.CouldNotBegin && !File.Exists(directory.ExitStatus(attempt));

    /// <summary>Finds the supervisor of an attempt again; null where it never began, and now never will.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="isThisBoot">False: the machine was started anew since, and its process ids mean nothing.</param>
    /// <param name="time">For the wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<LaunchedProcess?> Find(RunDirectory directory, int attempt, bool isThisBoot, TimeProvider time, CancellationToken cancellation)
    {
        var file = directory.Process(attempt);
        if (!File.Exists(file) && TryClaim(file))
            return null;
        var since = time.GetTimestamp();
        while (true)
        {
            var written = ProcessIdentity.Parse(await File.ReadAllTextAsync(file, cancellation));
            if (written is { Id: 0 })
                return null;
            if (written is { } found)
                return new LaunchedProcess(isThisBoot ? found : found with { StartTicks = -1 }, null);
            if (!isThisBoot || time.GetElapsedTime(since) > WritingTime)
                return new LaunchedProcess(new ProcessIdentity(0, -1), null);
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }
    }

    // Who makes the file owns the attempt: a supervisor that comes later finds it and ends.
    static bool TryClaim(string file)
    {
        try
        {
            using var claim = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            claim.Write("0 0\n"u8);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // The run directory was never laid out.
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            return false;
        }
    }
}
