using System.Text.RegularExpressions;

namespace Holoflow.Architecture.Tests;

/// <summary>The tests that <c>tests/README.md</c> names as evidence are there.</summary>
public sealed partial class NamedTestsTests
{
    [Fact]
    public void Every_test_that_is_named_as_evidence_exists()
    {
        var named = Name().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "README.md"))).Select(m => (Class: m.Groups["class"].Value, Test: m.Groups["test"].Value)).Distinct().ToList();
        var files = RepositoryRoot.Files("*Tests.cs", "tests").ToLookup(file => Path.GetFileNameWithoutExtension(file)!, File.ReadAllText, StringComparer.Ordinal);
        Assert.True(named.Count > 60, "the names are written as `Class.Test`");
        Assert.Empty(named.Where(n => !files[n.Class].Any(text => text.Contains($" {n.Test}(", StringComparison.Ordinal))).Select(n => $"{n.Class}.{n.Test}"));
    }

    [GeneratedRegex("`(?<class>[A-Za-z]+Tests)\\.(?<test>[A-Za-z_0-9]+)`")]
    private static partial Regex Name();
}
