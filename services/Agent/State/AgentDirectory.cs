using System.Globalization;
using Holoflow.RunProtocol.Files;

namespace Holoflow.Agent.State;

/// <summary>
/// The durable state of one agent, <c>$HOLOFLOW_HOME/agents/&lt;name&gt;/</c>: its id and the runs it holds. The lock on it
/// is the kernel's and goes with the process, however that ends.
/// </summary>
sealed class AgentDirectory : IDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // EEXIST, as the runtime hands it on.
    const int AlreadyExists = 17;

    const string RemovedPrefix = ".removed-";

    readonly FileStream _lock;

    AgentDirectory(string path, FileStream held, string agentId, long incarnation)
    {
        Path = path;
        _lock = held;
        AgentId = agentId;
        Incarnation = incarnation;
    }

    public string Path { get; }

    /// <summary>The name with a few characters that tell it from agents of this name elsewhere; the same for every start.</summary>
    public string AgentId { get; }

    /// <summary>Counts the starts.</summary>
    public long Incarnation { get; }

    public static string Root(string home) => System.IO.Path.Combine(home, "agents");

    static string Records(string path) => System.IO.Path.Combine(path, "runs");

    static string Submissions(string path) => System.IO.Path.Combine(path, "submitted");

    /// <summary>True where an agent, living or dead, holds the run.</summary>
    public static bool Holds(string path, Guid runId) => Files(Records(path)).Any(file => System.IO.Path.GetFileName(file).StartsWith($"{runId:N}.", StringComparison.Ordinal));

    /// <summary>Finishes the removal of directories whose remover died over it.</summary>
    public static void ClearRemoved(string home)
    {
        foreach (var path in Directory.EnumerateDirectories(Root(home), RemovedPrefix + "*"))
            Delete(path);
    }

    /// <exception cref="AgentStartException">Another agent of this name runs, or the directory cannot be written.</exception>
    public static AgentDirectory Open(string home, string name, TimeProvider time)
    {
        var path = System.IO.Path.Combine(Root(home), name);
        try
        {
            while (true)
            {
                Create(path);
                if (TryLock(path, out var runs) is { } held)
                    return Open(path, name, held, time);
                if (runs)
                    throw new AgentStartException($"an agent named '{name}' runs already on this state directory ({path}): give this one another name");
                // Else another agent took over what a dead one of this name had left, and removed the directory meanwhile.
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentStartException($"the agent's state directory '{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Takes over what an agent that died has left; nothing where it lives.</summary>
    public static LeftBehind TakeOver(string path, AgentDirectory by)
    {
        // Without files there is nothing to take: the directory may be one that is just being made.
        if (Files(Records(path)).Length == 0 && Files(Submissions(path)).Length == 0)
            return new LeftBehind([], []);
        using var held = TryLock(path, out _);
        if (held is null)
            return new LeftBehind([], []);
        var taken = new List<HeldRunRecord>();
        foreach (var file in Files(Records(path)))
        {
            if (Read(file) is not { } record || !string.Equals(record.Host, Environment.MachineName, StringComparison.Ordinal))
                continue;
            File.Move(file, by.FileOf(record), overwrite: true);
            taken.Add(record);
        }

        var neverTaken = new List<Guid>();
        if (Files(Records(path)).Length == 0)
        {
            neverTaken.AddRange(Files(Submissions(path)).Select(file => Guid.Parse(System.IO.Path.GetFileName(file))).Except(taken.Select(r => r.RunId)));
            foreach (var run in neverTaken)
                by.NoteSubmitted(run);
            Discard(path);
        }

        return new LeftBehind(taken, neverTaken);
    }

    /// <summary>Remembers a run that only this agent will ever take, from before it is submitted.</summary>
    public void NoteSubmitted(Guid runId)
    {
        Directory.CreateDirectory(Submissions(Path), OwnerOnly);
        File.WriteAllText(System.IO.Path.Combine(Submissions(Path), runId.ToString()), "");
    }

    public void ForgetSubmitted(Guid runId) => File.Delete(System.IO.Path.Combine(Submissions(Path), runId.ToString()));

    public IReadOnlyList<HeldRunRecord> Load() => [.. Directory.GetFiles(Records(Path), "*.json").Select(Read).OfType<HeldRunRecord>()];

    /// <summary>Returns when the record would survive the death of this process.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Save(HeldRunRecord record) => WholeFile.Replace(FileOf(record), HeldRunRecordJson.Format(record).Span);

    public void Remove(HeldRunRecord record) => File.Delete(FileOf(record));

    /// <summary>Removes the directory, where no run is left in it that another agent would have to see to.</summary>
    public void RemoveIfEmpty()
    {
        if (!Directory.EnumerateFiles(Records(Path), "*.json").Any())
            Discard(Path);
    }

    public void Dispose() => _lock.Dispose();

    string FileOf(HeldRunRecord record) => System.IO.Path.Combine(Records(Path), record.Key + ".json");

    static AgentDirectory Open(string path, string name, FileStream held, TimeProvider time)
    {
        Directory.CreateDirectory(Records(path), OwnerOnly);
        var idFile = System.IO.Path.Combine(path, "id");
        var id = File.Exists(idFile) ? File.ReadAllText(idFile) : "";
        if (id.Length == 0)
        {
            // The last characters of a version 7 id are its random ones.
            id = $"{name}-{Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[^8..]}";
            File.WriteAllText(idFile, id);
        }

        var countFile = System.IO.Path.Combine(path, "starts");
        var starts = (File.Exists(countFile) && long.TryParse(File.ReadAllText(countFile), CultureInfo.InvariantCulture, out var before) ? before : 0) + 1;
        File.WriteAllText(countFile, starts.ToString(CultureInfo.InvariantCulture));
        return new AgentDirectory(path, held, id, starts);
    }

    static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (IOException e) when (e.HResult is AlreadyExists && !File.Exists(path))
        {
            // It was there, and was removed before the runtime looked whether it is a directory.
        }
    }

    // Out of everyone's sight in one step: nobody can lock, or write into, a directory that is half removed. Only under its lock.
    static void Discard(string path)
    {
        var aside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $"{RemovedPrefix}{System.IO.Path.GetRandomFileName()}");
        Directory.Move(path, aside);
        Delete(aside);
    }

    static void Delete(string aside)
    {
        try
        {
            Directory.Delete(aside, recursive: true);
        }
        catch (IOException)
        {
            // Two were at it at the same time: what is left, the next start of an agent removes.
        }
    }

    // Null where another process has it, and where the directory has just been removed: the lock that was opened is then of no directory any more.
    static FileStream? TryLock(string path, out bool held)
    {
        held = false;
        FileStream taken;
        try
        {
            taken = new FileStream(LockFile(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException e) when (IsHeld(e))
        {
            held = true;
            return null;
        }

        if (IsLockOf(taken, path))
            return taken;
        taken.Dispose();
        return null;
    }

    static string LockFile(string path) => System.IO.Path.Combine(path, "lock");

    // The kernel names an open file by where it lies now; a directory that is discarded has another name from then on.
    static bool IsLockOf(FileStream held, string path)
    {
        var lies = new FileInfo($"/proc/self/fd/{held.SafeFileHandle.DangerousGetHandle()}").LinkTarget ?? "";
        return lies.EndsWith($"/{System.IO.Path.GetFileName(path)}/lock", StringComparison.Ordinal);
    }

    // EWOULDBLOCK of flock(2), as the runtime hands it on.
    static bool IsHeld(IOException e) => e.HResult is 11;

    static string[] Files(string directory)
    {
        try
        {
            return [.. Directory.GetFiles(directory).Where(f => !f.EndsWith(WholeFile.Unfinished, StringComparison.Ordinal))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    // Torn by a full disk, it was written before its process was started: the store gives such a run back when its lease ends.
    static HeldRunRecord? Read(string file) => HeldRunRecordJson.Parse(File.ReadAllBytes(file));
}

/// <summary>What an agent that died has left.</summary>
/// <param name="Held">Runs that it held.</param>
/// <param name="NeverTaken">Runs that were submitted for it alone, and that nobody will take now.</param>
sealed record LeftBehind(IReadOnlyList<HeldRunRecord> Held, IReadOnlyList<Guid> NeverTaken);
