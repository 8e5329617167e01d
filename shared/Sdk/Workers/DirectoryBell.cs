namespace Holoflow.Sdk;

/// <summary>
/// Rings when files of a directory change. Where the kernel cannot tell (a network file system shows it nothing of what other machines do,
/// and watches may be used up) nobody rings, and who waits looks for himself after a while.
/// </summary>
sealed class DirectoryBell : IDisposable
{
    // Never disposed of: without a wait handle there is nothing to free, and the watcher may ring once more while it is stopped.
    readonly SemaphoreSlim _rung = new(0, 1);
    readonly Lock _gate = new();
    readonly FileSystemWatcher? _watcher;

    public DirectoryBell(string directory, bool below, params ReadOnlySpan<string> files)
    {
        try
        {
            _watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = below, NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size };
            foreach (var file in files)
                _watcher.Filters.Add(file);
            _watcher.Changed += (_, _) => Ring();
            _watcher.Created += (_, _) => Ring();
            _watcher.Renamed += (_, _) => Ring();
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    public void Ring()
    {
        lock (_gate)
        {
            if (_rung.CurrentCount == 0)
                _rung.Release();
        }
    }

    /// <summary>Completes when it has rung, or after a while.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken cancellation) => _rung.WaitAsync(atMost, cancellation);

    public void Dispose() => _watcher?.Dispose();
}
