using System.Runtime.CompilerServices;

namespace Holoflow.Infra.Tests;

/// <summary>The checkout that these tests were built from.</summary>
static class Checkout
{
    public static string Root { get; } = Find();

    public static string Infra => Path.Combine(Root, "infra");

    /// <summary>The Dockerfiles, by their path below the root.</summary>
    public static IEnumerable<string> Dockerfiles => Directory.EnumerateFiles(Infra, "Dockerfile*", SearchOption.AllDirectories);

    /// <summary>The programs of infra: files that begin with an interpreter.</summary>
    public static IEnumerable<string> Scripts =>
        Directory.EnumerateFiles(Infra, "*", SearchOption.AllDirectories).Where(file => File.ReadLines(file).FirstOrDefault()?.StartsWith("#!", StringComparison.Ordinal) == true);

    static string Find([CallerFilePath] string caller = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", ".."));
}
