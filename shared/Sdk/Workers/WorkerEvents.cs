using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Files;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>The file of events of one worker. A full disk holds it up, and loses nothing.</summary>
sealed class WorkerEvents : IEntrySink, IAsyncDisposable
{
    readonly AppendFile _file;

    public WorkerEvents(string path, RunDirectory run, TimeProvider time)
    {
        Directory = run;
        Time = time;
        // Other file systems that nodes share show what was written without being told to.
        var isNetworkFileSystem = new DriveInfo(Path.GetDirectoryName(path)!).DriveFormat.StartsWith("nfs", StringComparison.Ordinal);
        _file = AppendFile.Open(path, time, trouble => Console.Error.WriteLine($"holoflow: the events of this worker {trouble}"), isNetworkFileSystem);
    }

    public RunDirectory Directory { get; }

    public TimeProvider Time { get; }

    public void Append(JournalEntry entry) => Tell(new WorkerEvent.Said(entry, Time.GetUtcNow()));

    /// <summary>Appends an event; it follows within milliseconds.</summary>
    /// <returns>A ticket for <see cref="Told"/>.</returns>
    public long Tell(WorkerEvent one) => _file.Append(one, static (buffer, e) => e.Write(buffer));

    /// <summary>Completes when the event is written.</summary>
    public ValueTask Told(long ticket, CancellationToken cancellation) => _file.Written(ticket, cancellation);

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
