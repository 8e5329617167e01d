using System.Xml.Linq;

namespace Holoflow.Architecture.Tests;

/// <summary>What a project file says.</summary>
sealed record Project(string Path, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    /// <summary>The room, e.g. <c>services/Api</c>.</summary>
    public string Room => System.IO.Path.GetRelativePath(RepositoryRoot.Path, System.IO.Path.GetDirectoryName(Path)!);

    public static IReadOnlyList<Project> All { get; } = [.. RepositoryRoot.Files("*.csproj", "services", "shared", "tests").Select(Read).OrderBy(p => p.Path, StringComparer.Ordinal)];

    static Project Read(string path)
    {
        var document = XDocument.Load(path);
        return new(
            path,
            [.. Values("ProjectReference").Select(include => System.IO.Path.GetRelativePath(RepositoryRoot.Path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(include.Replace('\\', '/'), System.IO.Path.GetDirectoryName(path)!))!))],
            [.. Values("PackageReference")]);

        IEnumerable<string> Values(string element) => document.Descendants(element).Select(e => e.Attribute("Include")!.Value);
    }
}
