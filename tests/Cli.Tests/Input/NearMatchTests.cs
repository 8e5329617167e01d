using Holoflow.Cli.Input;

namespace Holoflow.Cli.Tests.Input;

public sealed class NearMatchTests
{
    [Theory]
    [InlineData("deploymnt", "deployment")]
    [InlineData("Runing", "Running")]
    [InlineData("dmeo/nightly", "demo/nightly")]
    [InlineData("nightly", "demo/nightly")]
    public void Finds_what_was_meant(string given, string meant) =>
        Assert.Equal(meant, NearMatch.Of(given, ["deployment", "Running", "demo/nightly", "Completed"]).FirstOrDefault());

    [Fact]
    public void Suggests_nothing_where_nothing_is_near() => Assert.Equal("", NearMatch.Clause("xyzzy", ["deployment", "Running"]));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "ABC", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Counts_edits(string from, string to, int edits) => Assert.Equal(edits, NearMatch.Distance(from, to));
}
