using System.Text.Json;
using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Tables;
using Holoflow.Holography.Tests.Judges;
using Holoflow.Holography.Tests.Tables;

namespace Holoflow.Holography.Tests.MeasurementSets;

public sealed class MeasurementSetWriterTests
{
    [Theory]
    [InlineData(ByteOrder.LittleEndian, 1, 1)]
    [InlineData(ByteOrder.LittleEndian, 700, 64)]
    [InlineData(ByteOrder.BigEndian, 700, 33)]
    public async Task Casacore_reads_what_was_written(ByteOrder order, int rowCount, int blockSize)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("written.ms");
        SampleMeasurementSet.Write(path, rowCount, blockSize, order);
        JsonElement verdict = await PythonJudge.Ask(
            """
            import casacore.tables as ct, numpy as np
            n, nchan, ncorr, nant = args['rows'], args['channels'], args['correlations'], args['antennas']
            main = ct.table(args['path'], ack=False)
            number = np.arange(n * nchan * ncorr).reshape(n, nchan, ncorr)
            row = np.arange(n)
            wrong = []
            def check(name, found, expected):
                if not np.array_equal(found, expected): wrong.append(name)
            check('rows', main.nrows(), n)
            check('DATA', main.getcol('DATA'), (number - 0.5j * number).astype('c8'))
            check('FLAG', main.getcol('FLAG'), number % 3 == 0)
            weight = np.arange(n * ncorr).reshape(n, ncorr).astype('f4')
            check('WEIGHT', main.getcol('WEIGHT'), weight)
            check('ANTENNA1', main.getcol('ANTENNA1'), row % nant)
            check('ANTENNA2', main.getcol('ANTENNA2'), (row + 1) % nant)
            check('SCAN_NUMBER', main.getcol('SCAN_NUMBER'), row // 10)
            check('TIME', main.getcol('TIME'), 5e9 + row)
            check('UVW', main.getcol('UVW'), row[:, None] + 0.25 * np.arange(3))
            check('FLAG_ROW', main.getcol('FLAG_ROW'), row % 7 == 0)
            pointing = ct.table(args['path'] + '/POINTING', ack=False)
            check('DIRECTION', pointing.getcol('DIRECTION')[:, 0, 0], 0.5 + np.arange(40))
            check('AZIMUTH', pointing.getcol('AZIMUTH'), (10 + np.arange(40)).astype('f4'))
            check('CHAN_FREQ', ct.table(args['path'] + '/SPECTRAL_WINDOW', ack=False).getcell('CHAN_FREQ', 0), 8e8 + 1e6 * np.arange(nchan))
            check('MESSAGE', ct.table(args['path'] + '/HISTORY', ack=False).getcell('MESSAGE', 0), 'a message longer than any bucket: ' + 'x' * 3000)
            check('epoch', main.getcolkeyword('TIME', 'MEASINFO'), {'type': 'epoch', 'Ref': 'UTC'})
            required = {}
            for name in ['', 'ANTENNA', 'DATA_DESCRIPTION', 'FEED', 'FIELD', 'FLAG_CMD', 'HISTORY', 'OBSERVATION', 'POINTING', 'POLARIZATION', 'PROCESSOR', 'SPECTRAL_WINDOW', 'STATE']:
                table = ct.table(args['path'] + '/' + name, ack=False)
                for column, description in ct.required_ms_desc(name).items():
                    if column.startswith('_'): continue
                    if column not in table.colnames(): wrong.append(name + ' lacks ' + column)
                    elif table.getcoldesc(column)['valueType'] != description['valueType']: wrong.append(name + '.' + column + ' has another type')
                if name and main.getkeyword(name) != 'Table: ' + args['path'] + '/' + name: wrong.append('keyword ' + name)
            result = wrong
            """,
            new { path, rows = rowCount, channels = SampleMeasurementSet.Channels, correlations = SampleMeasurementSet.Correlations, antennas = SampleMeasurementSet.Antennas },
            TestContext.Current.CancellationToken);
        Assert.Equal("[]", verdict.ToString());
        await TableComparison.AssertSame([path, .. Directory.GetDirectories(path)], TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Our_reader_reads_what_was_written()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("written.ms");
        SampleMeasurementSet.Write(path, 100, 17, ByteOrder.LittleEndian);
        using MeasurementSet set = MeasurementSet.Open(path);
        MeasurementSetContents contents = SampleMeasurementSet.Contents(ByteOrder.LittleEndian);
        Assert.Equivalent(contents.Antennas, set.Antennas);
        Assert.Equivalent(contents.Feeds, set.Feeds);
        Assert.Equivalent(contents.Fields, set.Fields);
        Assert.Equivalent(contents.SpectralWindows, set.SpectralWindows);
        Assert.Equivalent(contents.Polarizations, set.Polarizations);
        Assert.Equal(contents.DataDescriptions, set.DataDescriptions);
        Assert.Equal((SampleMeasurementSet.Channels, SampleMeasurementSet.Correlations), set.Main.CellShape(99));
        var data = new ComplexSingle[3 * SampleMeasurementSet.Channels * SampleMeasurementSet.Correlations];
        set.Main.ReadData(50, 3, data);
        Assert.Equal(Enumerable.Range(0, data.Length).Select(i => SampleMeasurementSet.Data(50, i)), data);
        var rows = new MainRows(10);
        set.Main.Read(90, 10, rows);
        Assert.Equal(Enumerable.Range(90, 10).Select(row => 5e9 + row), rows.Time);
        var pointing = new PointingRow[40];
        set.Pointing.Read(0, pointing);
        Assert.Equal(new PointingRow(1, 5e9 + 6, 1, 6.5, -0.5, 0.25, -0.25, true, 16, 20, -45), pointing[6]);
    }

    [Fact]
    public void A_measurement_set_that_was_not_completed_is_none()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("unfinished.ms");
        MeasurementSetWriter.Create(path, SampleMeasurementSet.Contents(ByteOrder.LittleEndian)).Dispose();
        var failure = Assert.Throws<MeasurementSetException>(() => MeasurementSet.Open(path));
        Assert.Contains("table.dat is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_folder_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<IOException>(() => MeasurementSetWriter.Create(folder.Path, SampleMeasurementSet.Contents(ByteOrder.LittleEndian)));
    }
}
