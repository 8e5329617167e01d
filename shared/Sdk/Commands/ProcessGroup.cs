using System.Runtime.InteropServices;

namespace Holoflow.Sdk;

/// <summary>A process group, led by the process with its id.</summary>
sealed partial class ProcessGroup(int id)
{
    const int Terminate = 15;
    const int Kill = 9;
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>True while there is a process in the group (one that has ended and was not waited for counts).</summary>
    public bool IsAlive => Signal(-id, 0) == 0;

    /// <summary>SIGTERM to the whole group, and after the grace SIGKILL to what is left of it.</summary>
    /// <param name="grace">From the one to the other.</param>
    /// <param name="time">The clock.</param>
    public async Task End(TimeSpan grace, TimeProvider time)
    {
        _ = Signal(-id, Terminate);
        var since = time.GetTimestamp();
        while (IsAlive && time.GetElapsedTime(since) < grace)
            await Task.Delay(Interval, time, CancellationToken.None);
        if (!IsAlive)
            return;
        _ = Signal(-id, Kill);
        while (IsAlive)
            await Task.Delay(Interval, time, CancellationToken.None);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
