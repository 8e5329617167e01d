using System.Runtime.InteropServices;

namespace Holoflow.Sdk;

/// <summary>Finds programs as the kernel would: what this user may execute.</summary>
static partial class ExecutablePath
{
    const int Executable = 1;

    /// <summary>The program's full path; null where there is none.</summary>
    /// <param name="program">A name to be found on the search path, or a path.</param>
    /// <param name="searchPath">Directories, separated by colons.</param>
    /// <param name="workingDirectory">What a relative path is relative to.</param>
    public static string? Find(string program, string searchPath, string workingDirectory)
    {
        IEnumerable<string> candidates = program.Contains('/', StringComparison.Ordinal)
            ? [Path.GetFullPath(program, Path.GetFullPath(workingDirectory))]
            : searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => Path.Combine(directory, program));
        return candidates.FirstOrDefault(path => File.Exists(path) && Access(path, Executable) == 0);
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
