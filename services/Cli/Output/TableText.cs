using System.Text;

namespace Holoflow.Cli.Output;

/// <summary>Lays rows out in columns: a pure function from rows to lines.</summary>
static class TableText
{
    const string Gap = "  ";
    const int NarrowestShrunk = 8;

    /// <summary>A heading and one line a row; columns that may shrink do, until the lines fit the width (null: no limit).</summary>
    public static IEnumerable<string> Lines<T>(IReadOnlyList<Column<T>> columns, IReadOnlyList<T> rows, int? width)
    {
        var cells = rows.Select(row => columns.Select(c => TerminalText.Line(c.Of(row) ?? "")).ToArray()).Prepend([.. columns.Select(c => c.Title.ToUpperInvariant())]).ToList();
        var widths = columns.Select((_, i) => cells.Max(row => TerminalText.Cells(row[i]))).ToArray();
        if (width is { } available)
            Shrink(columns, widths, available);
        foreach (var row in cells)
        {
            var line = new StringBuilder();
            for (var i = 0; i < columns.Count; i++)
            {
                var cell = TerminalText.Fit(row[i], widths[i]);
                var padding = new string(' ', Math.Max(0, widths[i] - TerminalText.Cells(cell)));
                _ = line.Append(i == 0 ? "" : Gap).Append(columns[i].ToRight ? padding + cell : cell + padding);
            }
            yield return line.ToString().TrimEnd();
        }
    }

    static void Shrink<T>(IReadOnlyList<Column<T>> columns, int[] widths, int available)
    {
        var excess = widths.Sum() + (Gap.Length * (widths.Length - 1)) - available;
        while (excess > 0)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(i => columns[i].MayShrink && widths[i] > NarrowestShrunk).OrderByDescending(i => widths[i]).Select(i => (int?)i).FirstOrDefault();
            if (widest is not { } column)
                return;
            widths[column]--;
            excess--;
        }
    }
}
