using System.Text.RegularExpressions;

namespace Holoflow.Architecture.Tests;

/// <summary>How the house is kept.</summary>
public sealed partial class HouseTests
{
    [Fact]
    public void No_file_is_a_drawer_for_everything() =>
        Assert.Empty(RepositoryRoot.Files("*.cs", "services", "shared").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => Drawer().IsMatch(name)));

    [Fact]
    public void No_code_is_a_promise() =>
        Assert.Empty(RepositoryRoot.Files("*.cs", "services", "shared", "tests")
            .Where(file => Path.GetFileName(file) != $"{nameof(HouseTests)}.cs")
            .SelectMany(file => File.ReadLines(file).Where(line => Promise().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")));

    [Fact]
    public void Programs_are_short() =>
        Assert.Empty(RepositoryRoot.Files("Program.cs", "services").Where(file => File.ReadLines(file).Count(line => line.Trim().Length > 0) > 30).Select(file => Path.GetRelativePath(RepositoryRoot.Path, file)));

    [Fact]
    public void Nothing_but_the_agreed_entries_lies_at_the_top()
    {
        string[] agreed =
        [
            "services", "shared", "tests", "infra", "docker-compose.yml", "Microservices.sln", "README.md", "global.json", "Directory.Build.props", "Directory.Build.targets",
            "Directory.Packages.props", ".editorconfig", ".gitignore", ".gitattributes", ".dockerignore", ".ci", ".config", ".git", "LICENSE",
        ];
        Assert.Empty(Directory.EnumerateFileSystemEntries(RepositoryRoot.Path).Select(Path.GetFileName).Except(agreed, StringComparer.Ordinal));
    }

    [Fact]
    public void No_assembly_of_a_commercial_MassTransit_is_pinned()
    {
        var pins = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Directory.Packages.props"));
        Assert.All(MassTransitPin().Matches(pins), pin => Assert.Equal("8", pin.Groups["major"].Value));
    }

    [GeneratedRegex("(Utils?|Helpers?|Manager|Misc|Common)$")]
    private static partial Regex Drawer();

    [GeneratedRegex(@"NotImplementedException|//\s*(TODO|FIXME|HACK)|Thread\.Sleep\(|\[Fact\(Skip|Assert\.True\(true\)")]
    private static partial Regex Promise();

    [GeneratedRegex("""Include="MassTransit[^"]*" Version="(?<major>\d+)\.""")]
    private static partial Regex MassTransitPin();
}
