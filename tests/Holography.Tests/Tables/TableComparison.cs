using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Holoflow.Holography.Tables;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Tables;

/// <summary>Compares every cell of every column of a table as casacore reads it with what our reader gives.</summary>
static class TableComparison
{
    /// <summary>Python: casacore's view of a table; values of each column as raw bytes in files, cell after cell.</summary>
    const string Dump = """
        import casacore.tables as ct, numpy as np, os
        def dump(path, folder):
            table = ct.table(path, ack=False)
            columns = {}
            for name in table.colnames():
                description = table.getcoldesc(name)
                text = description['valueType'] == 'string'
                scalar = 'ndim' not in description
                shapes, strings = [], []
                with open(os.path.join(folder, name), 'wb') as raw:
                    for row in range(table.nrows()):
                        if not scalar and not table.iscelldefined(name, row):
                            shapes.append(None); strings.append([]); continue
                        value = table.getcell(name, row)
                        if text:
                            cell = [value] if scalar else value
                            if isinstance(cell, dict): shape, cell = list(reversed(cell['shape'])), cell['array']
                            else: shape = [] if scalar else [len(cell)]
                            shapes.append(list(np.atleast_1d(shape)) if not scalar else [])
                            strings.append([str(s) for s in cell])
                        else:
                            cell = np.asarray(value, dtype=types[description['valueType']])
                            shapes.append(list(reversed(cell.shape)))
                            raw.write(np.ascontiguousarray(cell).tobytes())
                columns[name] = {'type': description['valueType'], 'shapes': shapes, 'strings': strings if text else []}
            result = {'rows': table.nrows(), 'columns': columns}
            table.close()
            return result
        types = {'boolean': '?', 'uchar': 'u1', 'short': '<i2', 'int': '<i4', 'uint': '<u4', 'int64': '<i8', 'float': '<f4', 'double': '<f8', 'complex': '<c8', 'dcomplex': '<c16'}
        result = []
        for number, path in enumerate(args['paths']):
            folder = os.path.join(args['folder'], str(number)); os.mkdir(folder)
            result.append(dump(path, folder))
        """;

    public static async Task AssertSame(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        JsonElement truths = await PythonJudge.Ask(Dump, new { paths, folder = folder.Path }, cancellationToken);
        for (int i = 0; i < paths.Count; i++)
        {
            JsonElement truth = truths[i];
            using CasaTable table = CasaTable.Open(paths[i]);
            Assert.Equal(truth.GetProperty("rows").GetInt64(), table.RowCount);
            Assert.Equal(truth.GetProperty("columns").EnumerateObject().Select(c => c.Name), table.Columns.Select(c => c.Name));
            foreach (JsonProperty column in truth.GetProperty("columns").EnumerateObject())
            {
                byte[] raw = await File.ReadAllBytesAsync(Path.Combine(folder.Path, i.ToString(), column.Name), cancellationToken);
                Compare(table, table.Column(column.Name), column.Value, raw);
            }
        }
    }

    static void Compare(CasaTable table, TableColumn column, JsonElement truth, byte[] raw)
    {
        long offset = 0;
        for (int row = 0; row < table.RowCount; row++)
        {
            string where = $"{table.Path} column {column.Name} ({column.Description.ManagerType}) row {row}";
            JsonElement shape = truth.GetProperty("shapes")[row];
            IReadOnlyList<long>? ours = column.Shape(row);
            if (shape.ValueKind == JsonValueKind.Null)
            {
                Assert.True(ours is null, $"{where}: undefined for casacore, of shape [{string.Join(',', ours ?? [])}] for us");
                continue;
            }
            Assert.True(ours is not null, $"{where}: undefined for us");
            Assert.True(shape.EnumerateArray().Select(n => n.GetInt64()).SequenceEqual(ours), $"{where}: shape {shape} for casacore, [{string.Join(',', ours)}] for us");
            if (column.Description.DataType == TableDataType.String)
            {
                Assert.Equal(truth.GetProperty("strings")[row].EnumerateArray().Select(s => s.GetString()), column.ReadStrings(row));
                continue;
            }
            byte[] cell = ReadCell(column, row);
            Assert.True(raw.AsSpan((int)offset, cell.Length).SequenceEqual(cell), $"{where}: values differ");
            offset += cell.Length;
        }
        Assert.Equal(raw.Length, offset);
        if (column.Description.DataType != TableDataType.String && table.RowCount > 0 && SameShapes(truth.GetProperty("shapes")))
            Assert.True(ReadRows(column, table.RowCount, raw.Length / table.RowCount).AsSpan().SequenceEqual(raw), $"{table.Path} column {column.Name}: a read of all rows differs");
    }

    static bool SameShapes(JsonElement shapes) =>
        shapes.EnumerateArray().All(s => s.ValueKind != JsonValueKind.Null) && shapes.EnumerateArray().Select(s => s.ToString()).Distinct(StringComparer.Ordinal).Count() == 1;

    // Rows in uneven blocks, so that the blocks' borders fall anywhere in buckets and tiles.
    static byte[] ReadRows(TableColumn column, long rows, long cellBytes)
    {
        var result = new byte[rows * cellBytes];
        for (long row = 0, block = 1; row < rows; row += block, block = (block * 3 % 101) + 1)
        {
            long count = Math.Min(block, rows - row);
            Span<byte> part = result.AsSpan((int)(row * cellBytes), (int)(count * cellBytes));
            ReadInto(column, row, count, part);
            block = count;
        }
        return result;
    }

    static byte[] ReadCell(TableColumn column, long row)
    {
        long count = column.Shape(row)!.Aggregate(1L, (product, length) => product * length);
        var cell = new byte[count * column.Description.DataType.MemorySize()];
        if (count > 0)
            ReadInto(column, row, 1, cell);
        return cell;
    }

    static void ReadInto(TableColumn column, long row, long count, Span<byte> bytes)
    {
        switch (column.Description.DataType)
        {
            case TableDataType.Bool: column.Read(row, count, MemoryMarshal.Cast<byte, bool>(bytes)); break;
            case TableDataType.UChar: column.Read(row, count, bytes); break;
            case TableDataType.Short: column.Read(row, count, MemoryMarshal.Cast<byte, short>(bytes)); break;
            case TableDataType.Int: column.Read(row, count, MemoryMarshal.Cast<byte, int>(bytes)); break;
            case TableDataType.UInt: column.Read(row, count, MemoryMarshal.Cast<byte, uint>(bytes)); break;
            case TableDataType.Int64: column.Read(row, count, MemoryMarshal.Cast<byte, long>(bytes)); break;
            case TableDataType.Float: column.Read(row, count, MemoryMarshal.Cast<byte, float>(bytes)); break;
            case TableDataType.Double: column.Read(row, count, MemoryMarshal.Cast<byte, double>(bytes)); break;
            case TableDataType.Complex: column.Read(row, count, MemoryMarshal.Cast<byte, ComplexSingle>(bytes)); break;
            case TableDataType.DComplex: column.Read(row, count, MemoryMarshal.Cast<byte, Complex>(bytes)); break;
            default: Assert.Fail($"column {column.Name} has type {column.Description.DataType}"); break;
        }
    }
}
