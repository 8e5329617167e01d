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
