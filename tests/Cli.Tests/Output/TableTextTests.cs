using Holoflow.Cli.Output;

namespace Holoflow.Cli.Tests.Output;

public sealed class TableTextTests
{
    static readonly Column<(string Name, int Count)>[] Columns =
    [
        new("Name", r => r.Name, MayShrink: true),
        new("Count", r => r.Count.ToString(), ToRight: true),
    ];

    [Fact]
    public void Columns_are_as_wide_as_their_cells() => Assert.Equal(
        ["NAME   COUNT", "a          1", "b干涉   1000"],
        TableText.Lines(Columns, [("a", 1), ("b干涉", 1000)], null));

    [Fact]
    public void A_narrow_terminal_cuts_what_may_shrink() => Assert.Equal(
        ["NAME      COUNT", "a-very-…      7"],
        TableText.Lines(Columns, [("a-very-long-name-indeed", 7)], 15));

    [Fact]
    public void A_pipe_gets_all() => Assert.Contains("a-very-long-name-indeed", TableText.Lines(Columns, [("a-very-long-name-indeed", 7)], null).Last(), StringComparison.Ordinal);

    [Fact]
    public void A_hostile_cell_stays_in_its_line() => Assert.Equal(2, TableText.Lines(Columns, [("a\nb\e[2J", 1)], null).Count());
}
