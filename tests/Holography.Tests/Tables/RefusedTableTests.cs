using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Tables;
using Holoflow.Holography.Tests.Judges;
using Holoflow.Holography.Tests.MeasurementSets;

namespace Holoflow.Holography.Tests.Tables;

/// <summary>What cannot be read is refused with the file, and the column and data manager or the offset.</summary>
public sealed class RefusedTableTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_column_of_another_data_manager_is_refused_and_the_others_are_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("t");
        await PythonJudge.Ask(
            """
            import casacore.tables as ct
            columns = [ct.makescacoldesc('GOOD', 0, datamanagertype='StandardStMan', datamanagergroup='s'), ct.makescacoldesc('OLD', 0, datamanagertype='StManAipsIO', datamanagergroup='a')]
            table = ct.table(args['path'], ct.maketabdesc(columns), nrow=3, ack=False); table.putcol('GOOD', [1, 2, 3]); table.close()
            """,
            new { path },
            Cancellation);
        using CasaTable table = CasaTable.Open(path);
        Assert.Equal([1, 2, 3], table.Column("GOOD").ReadAll<int>());
        var failure = Assert.Throws<TableFormatException>(() => table.Column("OLD").ReadAll<int>());
        Assert.Contains("table.f", failure.Message, StringComparison.Ordinal);
        Assert.Contains("OLD", failure.Message, StringComparison.Ordinal);
        Assert.Contains("StManAipsIO", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DyscoStMan")]
    [InlineData("Adios2StMan")]
    [InlineData("BitFlagsEngine<uChar")]
    public void A_column_of_Dysco_or_any_other_manager_is_refused_by_file_column_and_manager(string manager)
    {
        // casacore needs a plug-in to write these: the table's directory is put together here.
        using var folder = new TemporaryFolder();
        string path = Directory.CreateDirectory(folder.File("t")).FullName;
        var column = new ColumnDescription("DATA", TableDataType.Complex, true, 2, null, false, 0, manager, "Compressed", "", new TableKeywords());
        File.WriteAllBytes(Path.Combine(path, "table.dat"), new TableDescriptionWriter(new AipsWriter(ByteOrder.BigEndian)).Write(3, ByteOrder.LittleEndian, new TableKeywords(), [column], [0], [(manager, [])]));
        File.WriteAllBytes(Path.Combine(path, "table.f0"), []);
        using CasaTable table = CasaTable.Open(path);
        var failure = Assert.Throws<TableFormatException>(() => table.Column("DATA").ReadCell<ComplexSingle>(0));
        Assert.All([Path.Combine(path, "table.f0"), "DATA", manager], word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_multi_file_table_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("t"), settings = folder.File("casarc");
        await File.WriteAllTextAsync(settings, "table.storage.option: multifile\n", Cancellation);
        await PythonJudge.Ask(
            """
            import os
            os.environ['CASARCFILES'] = args['settings']
            import casacore.tables as ct
            ct.table(args['path'], ct.maketabdesc([ct.makescacoldesc('A', 0)]), nrow=3, ack=False).close()
            assert os.path.exists(args['path'] + '/table.mf'), os.listdir(args['path'])
            """,
            new { path, settings },
            Cancellation);
        var failure = Assert.Throws<TableFormatException>(() => CasaTable.Open(path));
        Assert.Contains("MultiFile", failure.Message, StringComparison.Ordinal);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_table_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("t"), selection = folder.File("selection");
        await PythonJudge.Ask(
            """
            import casacore.tables as ct
            table = ct.table(args['path'], ct.maketabdesc([ct.makescacoldesc('A', 0)]), nrow=3, ack=False)
            table.query('A = 0', name=args['selection']).close()
            """,
            new { path, selection },
            Cancellation);
        Assert.Contains("RefTable", Assert.Throws<TableFormatException>(() => CasaTable.Open(selection)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_columns_types_and_rows_are_named()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("sample.ms");
        SampleMeasurementSet.Write(path, 5, 5, ByteOrder.LittleEndian);
        using CasaTable table = CasaTable.Open(path);
        Assert.Contains("there is no column CORRECTED_DATA", Assert.Throws<TableFormatException>(() => table.Column("CORRECTED_DATA")).Message, StringComparison.Ordinal);
        Assert.Contains("type Int, not Double", Assert.Throws<TableFormatException>(() => table.Column("ANTENNA1").ReadAll<double>()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Column("TIME").Read(4, 2, new double[2].AsSpan()));
        Assert.Throws<ArgumentException>(() => table.Column("TIME").Read(0, 2, new double[3].AsSpan()));
    }

    [Theory]
    [InlineData("table.f4_TSM1", 1000, "truncated")]
    [InlineData("table.f0", 600, "truncated")]
    [InlineData("table.dat", 500, "claims")]
    [InlineData("table.dat", 0, "truncated")]
    public void A_truncated_file_is_named_with_the_offset(string file, int length, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("sample.ms");
        SampleMeasurementSet.Write(path, 50, 50, ByteOrder.LittleEndian);
        using (FileStream stream = File.OpenWrite(Path.Combine(path, file)))
            stream.SetLength(length);
        var failure = Assert.ThrowsAny<Exception>(() => ReadEverything(path));
        Assert.Contains(Path.Combine(path, file), failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("offset", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 60)]
    [InlineData(false, 250)]
    public void Any_damage_gives_an_error_of_the_format_or_other_values(bool real, int times)
    {
        using var folder = new TemporaryFolder();
        string whole = real ? RealData.UnpackMeasurementSet(folder) : folder.File("whole.ms");
        if (!real)
            SampleMeasurementSet.Write(whole, 60, 60, ByteOrder.LittleEndian);
        string[] files = [.. Directory.GetFiles(whole, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0)];
        var random = new Random(4711);
        for (int i = 0; i < times; i++)
        {
            string file = files[random.Next(files.Length)];
            byte[] original = File.ReadAllBytes(file), damaged = Damage(original, random);
            File.WriteAllBytes(file, damaged);
            try
            {
                ReadEverything(whole);
            }
            catch (Exception failure) when (failure is TableFormatException or MeasurementSetException)
            {
                Assert.NotEmpty(failure.Message);
            }
            File.WriteAllBytes(file, original);
        }
    }

    static byte[] Damage(byte[] bytes, Random random)
    {
        if (random.Next(3) == 0)
            return bytes[..random.Next(bytes.Length)];
        byte[] copy = [.. bytes];
        // Headers are at the front: most of what can go wrong is there.
        int reach = random.Next(2) == 0 ? copy.Length : Math.Min(copy.Length, 700);
        for (int i = random.Next(1, 5); i > 0; i--)
            copy[random.Next(reach)] = (byte)random.Next(256);
        return copy;
    }

    static void ReadEverything(string path)
    {
        using MeasurementSet set = MeasurementSet.Open(path);
        if (set.Main.RowCount > 10_000)
            return;
        (int channels, int correlations) = set.Main.CellShape(0);
        var rows = new MainRows((int)set.Main.RowCount);
        set.Main.Read(0, rows.Capacity, rows);
        if ((long)channels * correlations * rows.Capacity > 1 << 23)
            return;
        set.Main.ReadData(0, rows.Capacity, new ComplexSingle[rows.Capacity * channels * correlations]);
        set.Main.ReadFlags(0, rows.Capacity, new bool[rows.Capacity * channels * correlations]);
        set.Main.ReadWeights(0, rows.Capacity, new float[rows.Capacity * correlations]);
        set.Pointing.Read(0, new PointingRow[Math.Min(1000, set.Pointing.RowCount)]);
    }
}
