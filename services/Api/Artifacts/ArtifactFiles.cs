using System.Security.Cryptography;
using Holoflow.RunProtocol;

namespace Holoflow.Api.Artifacts;

/// <summary>
/// Opens the files of artifacts. A file's name was written by a flow: it is taken only as the name of a regular file right
/// within the artifact directory of its run, whatever links lie about.
/// </summary>
sealed class ArtifactFiles(string? runsDirectory)
{
    /// <summary>The file; null where this server has none of that name.</summary>
    public FileStream? Open(Guid runId, string name)
    {
        if (runsDirectory is null || !IsPlain(name))
            return null;
        var directory = new RunDirectory(Path.Combine(runsDirectory, runId.ToString())).Artifacts;
        var path = Path.Combine(directory, name);
        if (!IsRegular(path))
            return null;
        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // What was opened counts, not what stood there when it was looked at.
        if (RealPathOf(file) == new RunDirectory(Path.Combine(RealPath(runsDirectory), runId.ToString())).Artifacts + "/" + name)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>Lays a file beside a run that is imported. One that is there and the same is left; another one is not written over.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="data">What it holds.</param>
    /// <param name="sha256">The hash of what it holds.</param>
    /// <param name="made">Takes the path of a file that was made.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Why it cannot be laid there; null: it lies there.</returns>
    public async Task<string?> Add(Guid runId, string name, Stream data, string sha256, List<string> made, CancellationToken cancellation)
    {
        if (runsDirectory is null)
            return "this server has no directory for the files of runs: import it where its agent runs";
        if (!IsPlain(name))
            return "a file of it has a name that no file can have";
        await using (var present = Open(runId, name))
        {
            if (present is not null)
                return Convert.ToHexStringLower(await SHA256.HashDataAsync(present, cancellation)) == sha256 ? null : $"there is another file '{name}' of run {runId} on this server";
        }

        var directory = new RunDirectory(Path.Combine(runsDirectory, runId.ToString())).Artifacts;
        var path = Path.Combine(directory, name);
        try
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (new DirectoryInfo(directory).LinkTarget is not null || new DirectoryInfo(Path.GetDirectoryName(directory)!).LinkTarget is not null)
                return $"the directory of run {runId} is a link";
            await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            made.Add(path);
            await data.CopyToAsync(file, cancellation);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the file '{name}' cannot be written: {e.Message}";
        }
    }

    static bool IsPlain(string name) => name.Length is > 0 and <= 255 && name is not ("." or "..") && !name.Any(c => c is '/' or '\\' or '\0');

    // A named pipe would hold its opener for ever; it has no length, and neither has a device.
    static bool IsRegular(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.LinkTarget is null && (file.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Device | FileAttributes.Directory)) == 0 && file.Length > 0;
    }

    static string? RealPathOf(FileStream file) => new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget;

    static string RealPath(string directory)
    {
        // The state directory may be reached through links of its owner; below it there are none.
        var parts = new Stack<string>();
        var current = directory;
        while (Path.GetDirectoryName(current) is { } parent)
        {
            if (new DirectoryInfo(current).ResolveLinkTarget(returnFinalTarget: true) is { } target)
            {
                current = target.FullName;
                continue;
            }

            parts.Push(Path.GetFileName(current));
            current = parent;
        }

        return Path.Combine([current, .. parts]);
    }
}
