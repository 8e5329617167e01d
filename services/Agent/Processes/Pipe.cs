using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.Agent.Processes;

/// <summary>A pipe whose ends no other child inherits.</summary>
sealed partial class Pipe : IDisposable
{
    const int CloseOnExec = 0x80000;

    const int DuplicateCloseOnExec = 1030;

    /// <summary>Above what a child is given: one end that is put in its place would else close another.</summary>
    const int LowestDescriptor = 16;

    Pipe(SafeFileHandle read, SafeFileHandle write) => (Read, Write) = (read, write);

    public SafeFileHandle Read { get; }

    public SafeFileHandle Write { get; }

    /// <exception cref="IOException">The kernel gives no more.</exception>
    public static Pipe Open()
    {
        Span<int> ends = stackalloc int[2];
        if (pipe2(ends, CloseOnExec) != 0)
            throw new IOException($"no pipe can be made: {Marshal.GetLastPInvokeErrorMessage()}");
        return new Pipe(Raised(ends[0]), Raised(ends[1]));
    }

    public void Dispose()
    {
        Read.Dispose();
        Write.Dispose();
    }

    static SafeFileHandle Raised(int descriptor)
    {
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor >= LowestDescriptor)
            return handle;
        using (handle)
        {
            var raised = fcntl(descriptor, DuplicateCloseOnExec, LowestDescriptor);
            return raised >= 0 ? new SafeFileHandle(raised, ownsHandle: true) : throw new IOException($"no pipe can be made: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(Span<int> ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);
}
