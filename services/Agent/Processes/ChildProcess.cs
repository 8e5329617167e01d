using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.Agent.Processes;

/// <summary>
/// A process that this one started as the leader of a session of its own (posix_spawn(3)), and its end. The runtime's own class knows no sessions:
/// with it each start would be two programs, of which the first only makes the session.
/// </summary>
sealed unsafe partial class ChildProcess
{
    const int SetSignalDefaults = 0x04, SetSignalMask = 0x08, SetSession = 0x80;

    /// <summary>Ends the wait for a child that has not ended.</summary>
    const int NoHang = 1;

    /// <summary>More than any C library's structure for attributes, file actions or a set of signals takes, in bytes.</summary>
    const int LargestStructure = 512;

    static readonly Lock Lock = new();
    static readonly List<ChildProcess> Running = [];
    static PosixSignalRegistration? _signal;

    readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    int? _status;

    ChildProcess(int id) => Id = id;

    public int Id { get; }

    /// <summary>Its exit status; 128 and the signal where one killed it.</summary>
    public Task<int> Ended => _ended.Task;

    /// <summary>The same where it has ended by now; null: it has not.</summary>
    public int? ExitStatus()
    {
        Reap();
        lock (Lock)
            return _status;
    }

    /// <summary>Starts it with no other descriptors than these.</summary>
    /// <param name="command">A program, looked for on the PATH, and its arguments.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="descriptors">Its descriptors from 0 on; null: the null device.</param>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static ChildProcess Start(IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> environment, IReadOnlyList<SafeFileHandle?> descriptors)
    {
        using var arguments = new NativeTexts(command);
        using var variables = new NativeTexts(environment.Select(v => $"{v.Key}={v.Value}"));
        byte* attributes = stackalloc byte[LargestStructure], actions = stackalloc byte[LargestStructure], signals = stackalloc byte[LargestStructure];
        _ = posix_spawnattr_init(attributes);
        _ = posix_spawn_file_actions_init(actions);
        try
        {
            // What this process ignores the child would ignore too.
            _ = sigfillset(signals);
            _ = posix_spawnattr_setsigdefault(attributes, signals);
            _ = sigemptyset(signals);
            _ = posix_spawnattr_setsigmask(attributes, signals);
            _ = posix_spawnattr_setflags(attributes, SetSignalDefaults | SetSignalMask | SetSession);
            for (var i = 0; i < descriptors.Count; i++)
            {
                _ = descriptors[i] is { } open
                    ? posix_spawn_file_actions_adddup2(actions, (int)open.DangerousGetHandle(), i)
                    : posix_spawn_file_actions_addopen(actions, i, "/dev/null", 2, 0);
            }

            EnsureWatch();
            var fault = posix_spawnp(out var id, command[0], actions, attributes, arguments.Pointer, variables.Pointer);
            if (fault != 0)
                throw new Win32Exception(fault);
            var child = new ChildProcess(id);
            lock (Lock)
                Running.Add(child);
            // One that ended before it was listed was looked for in vain.
            Reap();
            return child;
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    static void EnsureWatch()
    {
        lock (Lock)
            _signal ??= PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Reap());
    }

    static void Reap()
    {
        lock (Lock)
            Running.RemoveAll(child => child.HasEnded());
    }

    bool HasEnded()
    {
        var found = waitpid(Id, out var status, NoHang);
        if (found == 0)
            return false;
        var signal = status & 0x7F;
        // Somebody else waited for it: its files tell what became of the program.
        _status = found < 0 ? -1 : signal == 0 ? (status >> 8) & 0xFF : 128 + signal;
        _ended.TrySetResult(_status.Value);
        return true;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawnp(out int id, string file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int descriptor, int target);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int target, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int waitpid(int id, out int status, int options);
}
