using System.Runtime.CompilerServices;

namespace Holoflow.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
static class RepositoryRoot
{
    public static string Path { get; } = Find();

    /// <summary>The files that belong to the source: not built, not fetched.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] under) =>
        under.SelectMany(folder => Directory.EnumerateFiles(System.IO.Path.Combine(Path, folder), pattern, SearchOption.AllDirectories))
            .Where(file => !System.IO.Path.GetRelativePath(Path, file).Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "dist" or "out"));

    static string Find([CallerFilePath] string caller = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(caller)!, "..", ".."));
}
