using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Holoflow.Sdk;

/// <summary>A process group, led by a process that makes it when it starts.</summary>
sealed partial class ProcessGroup(Process leader)
{
    const int Terminate = 15;
    const int Kill = 9;
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    readonly int _id = leader.Id;

    /// <summary>True while there is a process in the group (one that has ended and was not waited for counts), or its leader has yet to make it.</summary>
    public bool IsAlive => Signal(-_id, 0) == 0 || !leader.HasExited;

    /// <summary>SIGTERM to the whole group, and after the grace SIGKILL to what is left of it.</summary>
    /// <param name="grace">From the one to the other.</param>
    /// <param name="time">The clock.</param>
    public async Task End(TimeSpan grace, TimeProvider time)
    {
        Send(Terminate);
        var since = time.GetTimestamp();
        while (IsAlive && time.GetElapsedTime(since) < grace)
            await Task.Delay(Interval, time, CancellationToken.None);
        if (!IsAlive)
            return;
        Send(Kill);
        while (IsAlive)
            await Task.Delay(Interval, time, CancellationToken.None);
    }

    // A leader that was started a moment ago is not in its group yet: without this it would go on, and nobody would know of it.
    void Send(int signal)
    {
        if (Signal(-_id, signal) != 0 && !leader.HasExited)
            _ = Signal(_id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
