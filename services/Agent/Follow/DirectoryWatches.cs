using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.Agent.Follow;

/// <summary>
/// Tells of changes in directories through one inotify instance for all runs of the agent (inotify(7)). A watch fires once
/// and is armed again by the one that has read everything: a busy writer costs one event a batch, not one a line.
/// </summary>
sealed partial class DirectoryWatches : IDisposable
{
    const int CloseOnExec = 0x80000;
    const uint Modified = 0x2;
    const uint MovedTo = 0x80;
    const uint Created = 0x100;
    const uint OneShot = 0x80000000;
    const uint Ignored = 0x8000;
    const uint SelfDeleted = 0x400;
    const int HeaderSize = 16;
    const int Interrupted = 4;

    readonly Lock _lock = new();
    readonly Dictionary<int, Action> _armed = [];
    readonly SafeFileHandle? _instance;
    readonly int _sentinel = -1;
    volatile bool _stopping;

    /// <summary>No watch: the kernel grants none, and the caller looks by the clock.</summary>
    public const int None = -1;

    /// <summary>Makes the instance, where the kernel grants one.</summary>
    /// <param name="home">A directory that stays; its watch ends the reading thread.</param>
    public DirectoryWatches(string home)
    {
        var descriptor = inotify_init1(CloseOnExec);
        if (descriptor < 0)
            return;
        _instance = new SafeFileHandle(descriptor, ownsHandle: true);
        _sentinel = inotify_add_watch(_instance, home, SelfDeleted);
        if (_sentinel < 0)
        {
            _instance.Dispose();
            _instance = null;
            return;
        }

        new Thread(Read) { IsBackground = true, Name = "run directories" }.Start();
    }

    /// <summary>Calls <paramref name="changed"/> once, when something in the directory changes; returns the watch, or <see cref="None"/>.</summary>
    public int Arm(string directory, Action changed)
    {
        if (_instance is null || _stopping)
            return None;
        lock (_lock)
        {
            var watch = inotify_add_watch(_instance, directory, Modified | MovedTo | Created | OneShot);
            if (watch < 0)
                return None;
            _armed[watch] = changed;
            return watch;
        }
    }

    /// <summary>Takes a watch back that nobody waits for any more.</summary>
    public void Disarm(int watch)
    {
        lock (_lock)
        {
            // One that has fired is gone already.
            if (_armed.Remove(watch) && !_stopping)
                _ = inotify_rm_watch(_instance!, watch);
        }
    }

    public void Dispose()
    {
        if (_instance is null || _stopping)
            return;
        _stopping = true;
        // Removing the watch makes an event, which wakes the thread; it closes the instance.
        _ = inotify_rm_watch(_instance, _sentinel);
    }

    void Read()
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (!_stopping)
        {
            var length = (int)read(_instance!, buffer, (nuint)buffer.Length);
            if (length < HeaderSize && Marshal.GetLastPInvokeError() != Interrupted)
                break;
            for (var at = 0; at + HeaderSize <= length;)
            {
                var watch = BinaryPrimitives.ReadInt32LittleEndian(buffer[at..]);
                var mask = BinaryPrimitives.ReadUInt32LittleEndian(buffer[(at + 4)..]);
                at += HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(buffer[(at + 12)..]);
                if ((mask & Ignored) == 0)
                    Fire(watch);
            }
        }

        _instance!.Dispose();
    }

    void Fire(int watch)
    {
        Action? changed;
        lock (_lock)
            _armed.Remove(watch, out changed);
        changed?.Invoke();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(SafeFileHandle instance, string path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_rm_watch(SafeFileHandle instance, int watch);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle instance, Span<byte> buffer, nuint count);
}
