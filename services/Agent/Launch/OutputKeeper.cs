using System.Runtime.InteropServices;
using Holoflow.Agent.Processes;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.Agent.Launch;

/// <summary>
/// Moves what the programs of all runs print from their pipes into their files. The kernel moves it, so that what was taken out of a pipe is in
/// the file whenever this process is killed; from then on, and where a file cannot be written, each run's supervisor does the same by itself.
/// </summary>
sealed unsafe partial class OutputKeeper : IDisposable
{
    const short Readable = 0x1;
    const uint NonBlocking = 0x2;
    const int AtOnce = 1024 * 1024;
    const int Interrupted = 4, NothingYet = 11;
    const int StackSize = 128 * 1024;

    readonly Lock _lock = new();
    readonly List<KeptOutput> _new = [];
    Pipe? _wake;
    bool _stopping;

    /// <summary>Keeps what comes out of two pipes, whose reading ends are this one's from now on, until nobody can write into them any more.</summary>
    /// <param name="pipes">Reading ends.</param>
    /// <param name="paths">The file of each.</param>
    /// <param name="word">Gets a line when all is kept, and ends without one where the supervisor has to go on.</param>
    public void Keep(IReadOnlyList<SafeFileHandle> pipes, IReadOnlyList<string> paths, SafeFileHandle word)
    {
        var output = new KeptOutput([.. pipes], word);
        try
        {
            output.Open(paths);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            output.Dispose();
            return;
        }

        lock (_lock)
        {
            if (_stopping)
            {
                output.Dispose();
                return;
            }

            _new.Add(output);
            if (_wake is null)
            {
                _wake = Pipe.Open();
                new Thread(Run, StackSize) { IsBackground = true, Name = "run output" }.Start();
            }

            Wake();
        }
    }

    /// <summary>Leaves the rest to the supervisors.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping)
                return;
            _stopping = true;
            Wake();
        }
    }

    void Wake()
    {
        if (_wake is { } wake)
            _ = write(wake.Write, [1], 1);
    }

    void Run()
    {
        var kept = new List<KeptOutput>();
        var ready = new List<Poll>();
        Span<byte> words = stackalloc byte[64];
        while (TakeNew(kept))
        {
            ready.Clear();
            ready.Add(new Poll { Descriptor = (int)_wake!.Read.DangerousGetHandle(), Events = Readable });
            foreach (var output in kept)
                ready.AddRange(output.Pipes.Select(pipe => new Poll { Descriptor = pipe.IsClosed ? -1 : (int)pipe.DangerousGetHandle(), Events = Readable }));
            if (poll(CollectionsMarshal.AsSpan(ready), (nuint)ready.Count, -1) < 0)
                continue;
            if (ready[0].Returned != 0)
                _ = read(_wake.Read, words, (nuint)words.Length);
            for (var i = 1; i < ready.Count; i++)
            {
                if (ready[i].Returned != 0)
                    Move(kept[(i - 1) / 2], (i - 1) % 2);
            }

            kept.RemoveAll(output => output.IsOver);
        }

        foreach (var output in kept)
            output.Dispose();
        _wake!.Dispose();
    }

    bool TakeNew(List<KeptOutput> kept)
    {
        lock (_lock)
        {
            kept.AddRange(_new);
            _new.Clear();
            return !_stopping;
        }
    }

    static void Move(KeptOutput output, int stream)
    {
        if (output.IsOver)
            return;
        var moved = splice(output.Pipes[stream], null, output.Files[stream], ref output.Ends[stream], AtOnce, NonBlocking);
        if (moved > 0 || (moved < 0 && Marshal.GetLastPInvokeError() is Interrupted or NothingYet))
            return;
        if (moved < 0)
        {
            output.Dispose();
            return;
        }

        output.Pipes[stream].Dispose();
        if (!output.Pipes.All(pipe => pipe.IsClosed))
            return;
        _ = write(output.Word, "\n"u8, 1);
        output.Dispose();
    }

    /// <summary>What poll(2) is asked.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(Span<Poll> descriptors, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint splice(SafeFileHandle from, long* fromOffset, SafeFileHandle to, ref long toOffset, nuint length, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle to, ReadOnlySpan<byte> bytes, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle from, Span<byte> bytes, nuint length);

    /// <summary>The two streams of a run.</summary>
    sealed class KeptOutput(SafeFileHandle[] pipes, SafeFileHandle word) : IDisposable
    {
        public SafeFileHandle[] Pipes { get; } = pipes;

        public SafeFileHandle[] Files { get; } = new SafeFileHandle[pipes.Length];

        /// <summary>Where each file ends.</summary>
        public long[] Ends { get; } = new long[pipes.Length];

        public SafeFileHandle Word { get; } = word;

        public bool IsOver => Word.IsClosed;

        public void Open(IReadOnlyList<string> paths)
        {
            for (var i = 0; i < Files.Length; i++)
            {
                Files[i] = File.OpenHandle(paths[i], FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                Ends[i] = RandomAccess.GetLength(Files[i]);
            }
        }

        public void Dispose()
        {
            foreach (var handle in Pipes.Concat(Files))
                handle?.Dispose();
            // Last of all: from here on the supervisor may read.
            Word.Dispose();
        }
    }
}
