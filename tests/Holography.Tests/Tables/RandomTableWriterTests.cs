using Holoflow.Holography.Tables;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Tables;

/// <summary>Random tables that we write: casacore and our reader agree on every cell, and it is what was put.</summary>
public sealed class RandomTableWriterTests
{
    static readonly TableDataType[] Types = [TableDataType.Bool, TableDataType.UChar, TableDataType.Short, TableDataType.Int, TableDataType.Float, TableDataType.Double, TableDataType.Complex];

    [Fact]
    public async Task Casacore_reads_what_was_put()
    {
        using var folder = new TemporaryFolder();
        List<string> paths = [];
        for (int seed = 1; seed <= 20; seed++)
        {
            paths.Add(folder.File($"t{seed}"));
            WriteAndReadBack(paths[^1], new Random(seed));
        }
        await TableComparison.AssertSame(paths, TestContext.Current.CancellationToken);
    }

    static void WriteAndReadBack(string path, Random random)
    {
        ColumnDescription[] columns = [.. Enumerable.Range(0, random.Next(1, 8)).Select(i => RandomColumn($"C{i}", random))];
        int rows = random.Next(0, 4) switch { 0 => random.Next(0, 3), 1 => 2000, _ => random.Next(1, 150) };
        var order = (ByteOrder)random.Next(2);
        var checks = new List<Action<CasaTable>>();
        using (TableWriter writer = TableWriter.Create(path, columns, order: order, rowsPerBucket: random.Next(1, 50)))
        {
            // Columns advance by turns, each by its own stride, so that buckets are open for some and closed for others.
            var next = new int[columns.Length];
            while (next.Any(row => row < rows))
            {
                int c = random.Next(columns.Length), count = Math.Min(random.Next(1, 60), rows - next[c]);
                for (int i = 0; i < count; i++)
                    PutRow(writer, columns[c], next[c] + i, random, checks);
                next[c] += count;
            }
            writer.Complete();
        }
        using CasaTable table = CasaTable.Open(path);
        Assert.Equal(rows, table.RowCount);
        checks.ForEach(check => check(table));
    }

    static ColumnDescription RandomColumn(string name, Random random)
    {
        bool tiled = random.Next(3) == 0, text = !tiled && random.Next(4) == 0;
        TableDataType type = text ? TableDataType.String : Types[random.Next(Types.Length)];
        var column = new ColumnDescription(name, type, false, 0, null, false, 0, "StandardStMan", "Standard", "", new TableKeywords());
        int axes = random.Next(1, 3);
        if (tiled)
            return column with { IsArray = true, DimensionCount = axes, ManagerType = "TiledShapeStMan", ManagerGroup = $"Tiled{name}" };
        return random.Next(3) switch
        {
            0 => column,
            1 when !text => column with { IsArray = true, DimensionCount = axes, IsDirect = true, FixedShape = [.. Enumerable.Range(0, axes).Select(_ => random.NextInt64(1, 6))] },
            _ => column with { IsArray = true, DimensionCount = text ? 1 : axes },
        };
    }

    static void PutRow(TableWriter writer, ColumnDescription column, int row, Random random, List<Action<CasaTable>> checks)
    {
        string name = column.Name;
        if (column is { IsArray: true, FixedShape: null } && random.Next(6) == 0)
        {
            writer.PutEmpty(name, 1);
            checks.Add(table => Assert.Null(table.Column(name).Shape(row)));
            return;
        }
        if (column.DataType == TableDataType.String)
        {
            string[] texts = [.. Enumerable.Range(0, column.IsArray ? random.Next(1, 4) : 1).Select(_ => new string((char)random.Next('a', 'z'), random.Next(4) == 0 ? random.Next(700) : random.Next(12)))];
            if (column.IsArray)
                writer.PutStrings(name, texts);
            else
                writer.PutString(name, texts[0]);
            checks.Add(table => Assert.Equal(texts, table.Column(name).ReadStrings(row)));
            return;
        }
        long[] shape = column.IsArray ? [.. column.FixedShape ?? [.. Enumerable.Range(0, column.DimensionCount).Select(_ => random.NextInt64(1, 4))]] : [];
        checks.Add(column.DataType switch
        {
            TableDataType.Bool => Put(writer, name, row, shape, () => random.Next(2) == 0),
            TableDataType.UChar => Put(writer, name, row, shape, () => (byte)random.Next(256)),
            TableDataType.Short => Put(writer, name, row, shape, () => (short)random.Next()),
            TableDataType.Int => Put(writer, name, row, shape, random.Next),
            TableDataType.Float => Put(writer, name, row, shape, random.NextSingle),
            TableDataType.Double => Put(writer, name, row, shape, random.NextDouble),
            _ => Put(writer, name, row, shape, () => new ComplexSingle(random.NextSingle(), random.NextSingle())),
        });
    }

    static Action<CasaTable> Put<T>(TableWriter writer, string name, int row, long[] shape, Func<T> value)
        where T : unmanaged
    {
        T[] values = [.. Enumerable.Range(0, (int)Shapes.Product(shape)).Select(_ => value())];
        writer.PutCells<T>(name, shape, values);
        return table => Assert.Equal(values, table.Column(name).ReadCell<T>(row));
    }
}
