namespace Holoflow.Servers;

/// <summary>Waits for what other processes do to files: the kernel tells of each change, and the condition is looked at then.</summary>
public static class FileSignal
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Between two looks where the kernel tells of nothing: a folder that was just made is watched a moment later, and what came into it before makes no event.</summary>
    static readonly TimeSpan SafetyTick = TimeSpan.FromSeconds(1);

    /// <summary>Completes when the condition holds.</summary>
    /// <param name="folder">Exists; changes in it, and below it, are what may make the condition hold.</param>
    /// <param name="holds">Called often, from several threads, one at a time.</param>
    /// <param name="what">What is waited for, for the failure's message.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">It did not hold within two minutes.</exception>
    public static async Task Until(string folder, Func<bool> holds, string what, CancellationToken cancellation)
    {
        using var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, InternalBufferSize = 64 * 1024 };
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => Look();
        watcher.Changed += (_, _) => Look();
        watcher.Renamed += (_, _) => Look();
        watcher.Deleted += (_, _) => Look();
        // Events were lost: what they told of is there to be seen.
        watcher.Error += (_, _) => Look();
        watcher.EnableRaisingEvents = true;
        Look();
        await using var again = new Timer(_ => Look(), null, SafetyTick, SafetyTick);
        try
        {
            await held.Task.WaitAsync(Patience, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"waited in vain until {what}", e);
        }
        finally
        {
            watcher.EnableRaisingEvents = false;
        }

        void Look()
        {
            lock (held)
            {
                if (held.Task.IsCompleted)
                    return;
                try
                {
                    if (holds())
                        held.TrySetResult();
                }
                catch (Exception e)
                {
                    held.TrySetException(e);
                }
            }
        }
    }

    /// <summary>Completes when the file is there; its folder is.</summary>
    public static Task Appeared(string path, CancellationToken cancellation) =>
        Until(Path.GetDirectoryName(path)!, () => File.Exists(path), $"'{path}' is there", cancellation);

    /// <summary>The file's first line, once it is there whole: a shell makes a file before it writes it.</summary>
    public static async Task<string> FirstLine(string path, CancellationToken cancellation)
    {
        var line = "";
        await Until(Path.GetDirectoryName(path)!, IsThere, $"'{path}' has a line", cancellation);
        return line;

        bool IsThere()
        {
            if (!File.Exists(path) || File.ReadAllText(path) is not { } text || text.IndexOf('\n', StringComparison.Ordinal) is not (>= 0 and var end))
                return false;
            line = text[..end];
            return true;
        }
    }
}
