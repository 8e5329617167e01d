using System.Text.Json;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Fits;

public sealed class FitsImageTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Astropy_and_fitsverify_accept_random_images_and_tables()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20240926);
        var files = new List<object>();
        for (int i = 0; i < 25; i++)
        {
            string path = folder.File($"random{i}.fits"), raw = folder.File($"random{i}.raw");
            long[] shape = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.NextInt64(1, 9))];
            float[] values = RandomValues(random, shape.Aggregate(1L, (a, b) => a * b));
            await File.WriteAllBytesAsync(raw, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray(), Cancellation);
            int rows = random.Next(0, 40);
            double[] offsets = [.. Enumerable.Range(0, 3 * rows).Select(_ => random.NextDouble())];
            using (FitsWriter writer = FitsWriter.Create(path))
            {
                WriteScattered(writer.BeginImage(shape, RandomHeader(random)), values, random);
                writer.WriteTable("POINTING", [
                    FitsColumn.Of("ANTENNA", Enumerable.Range(0, rows).Select(r => $"AK{r:00}").ToArray()),
                    FitsColumn.Of("OFFSET", offsets, 3, "arcmin"),
                    FitsColumn.Of("GOOD", Enumerable.Range(0, rows).Select(r => r % 3 == 0).ToArray()),
                    FitsColumn.Of("JONES", Enumerable.Range(0, rows).Select(r => new ComplexSingle(r, -r)).ToArray()),
                    FitsColumn.Of("COUNT", Enumerable.Range(0, rows).ToArray())]);
                writer.Complete();
            }
            files.Add(new { path, raw, shape, rows, offsets });
            await FitsVerify.AssertClean(path, Cancellation);
        }
        JsonElement verdict = await PythonJudge.Ask(
            """
            import numpy as np, warnings
            from astropy.io import fits
            warnings.simplefilter('error')
            wrong = []
            for file in args['files']:
                with fits.open(file['path']) as units:
                    values = np.fromfile(file['raw'], '<f4').reshape(list(reversed(file['shape'])))
                    if not np.array_equal(units[0].data, values, equal_nan=True): wrong.append(file['path'] + ' image')
                    for unit in units:
                        # Over the bytes as they stand: astropy formats long strings anew before it sums a header.
                        info = unit.fileinfo(); size = info['datLoc'] + info['datSpan'] - info['hdrLoc']
                        words = np.fromfile(file['path'], '>u4', size // 4, offset=info['hdrLoc']).astype('u8')
                        if words.sum() % 0xFFFFFFFF != 0: wrong.append(file['path'] + ' CHECKSUM of ' + unit.name)
                        if unit.verify_datasum() != 1: wrong.append(file['path'] + ' DATASUM of ' + unit.name)
                        if 'LONGTEXT' not in unit.header and unit.verify_checksum() != 1: wrong.append(file['path'] + ' astropy, CHECKSUM of ' + unit.name)
                    table, n = units['POINTING'].data, file['rows']
                    if list(table['ANTENNA']) != ['AK%02d' % r for r in range(n)]: wrong.append(file['path'] + ' strings')
                    if not np.array_equal(table['OFFSET'].ravel(), file['offsets']): wrong.append(file['path'] + ' doubles')
                    if list(table['GOOD']) != [r % 3 == 0 for r in range(n)]: wrong.append(file['path'] + ' bools')
                    if not np.array_equal(table['JONES'], np.arange(n) * (1 - 1j)): wrong.append(file['path'] + ' complex')
                    if n and units['POINTING'].columns['OFFSET'].unit != 'arcmin': wrong.append(file['path'] + ' unit')
                    if units[0].header['LONGTEXT'] != "it's " + 'long ' * 40 + 'end': wrong.append(file['path'] + ' long string')
            result = wrong
            """,
            new { files },
            Cancellation);
        Assert.Equal("[]", verdict.ToString());
    }

    [Fact]
    public async Task What_astropy_writes_reads_the_same()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("astropy.fits");
        await PythonJudge.Ask(
            """
            import numpy as np
            from astropy.io import fits
            ramp = np.arange(24).reshape(2, 3, 4)
            units = [fits.PrimaryHDU(ramp.astype('f4') / 3)]
            for kind in ['u1', 'i2', 'i4', 'i8', 'f8']: units.append(fits.ImageHDU(ramp.astype(kind), name='I' + kind))
            units.append(fits.ImageHDU(ramp.astype('u2'), name='SCALED'))
            columns = [fits.Column('NAME', '6A', array=['one', 'two', 'three']), fits.Column('BITS', '5X', array=np.zeros((3, 5), bool)), fits.Column('VALUES', '2D', array=np.arange(6.).reshape(3, 2))]
            units.append(fits.BinTableHDU.from_columns(columns, name='TABLE'))
            units[0].header['FLOAT'] = (1.5e-7, 'a float'); units[0].header['QUOTE'] = "it's"; units[0].header['LONG'] = 'x' * 150
            fits.HDUList(units).writeto(args['path'], checksum=True)
            """,
            new { path },
            Cancellation);
        using FitsReader reader = FitsReader.Open(path);
        Assert.Empty(reader.VerifyChecksums());
        Assert.Equal([4L, 3, 2], reader.Units[0].Shape);
        Assert.Equal(1.5e-7, reader.Units[0].Header.GetDouble("FLOAT"));
        Assert.Equal("it's", reader.Units[0].Header.GetText("QUOTE"));
        Assert.Equal(new string('x', 150), reader.Units[0].Header.GetText("LONG"));
        var values = new float[24];
        reader.Units[0].ReadImage(0, values);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i / 3f), values);
        foreach (string name in new[] { "IU1", "II2", "II4", "II8", "IF8", "SCALED" })
        {
            reader.Unit(name).ReadImage(5, values.AsSpan(0, 19));
            Assert.Equal(Enumerable.Range(5, 19).Select(i => (float)i), values.Take(19));
        }
        Assert.Equal(["one", "two", "three"], reader.Unit("TABLE").ReadStrings("NAME"));
        Assert.Equal([0, 1, 2, 3, 4, 5], reader.Unit("TABLE").ReadColumn<double>("VALUES"));
    }

    [Fact]
    public async Task Casacore_opens_the_cube_with_its_world_coordinates()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("cube.fits");
        var image = new PrimaryBeamImage { Pixels = 11, PixelSize = 0.0345, Channels = 3, FirstFrequency = 8e8, ChannelWidth = 1e6, Beams = 2 };
        float[] values = [.. Enumerable.Range(0, 11 * 11 * 3 * 4 * 2).Select(i => i / 7f)];
        using (FitsWriter writer = FitsWriter.Create(path))
        {
            FitsImageSink sink = writer.BeginImage(PrimaryBeamHeader.CubeShape(image), PrimaryBeamHeader.Cube(image));
            sink.Write(values);
            sink.Complete();
            writer.Complete();
        }
        JsonElement seen = await PythonJudge.Ask(
            """
            import casacore.images as ci, numpy as np
            image = ci.image(args['path'])
            data = np.asarray(image.getdata()).astype('f4')
            result = {'shape': list(data.shape), 'same': bool(np.array_equal(data.ravel(), np.arange(data.size, dtype='f4') / np.float32(7))),
                      'world': list(image.toworld([1, 2, 2, 6, 5])), 'axes': [str(n) for n in image.coordinates().get_names()]}
            """,
            new { path },
            Cancellation);
        Assert.Equal("[2,4,3,11,11]", seen.GetProperty("shape").ToString().Replace(" ", "", StringComparison.Ordinal));
        Assert.True(seen.GetProperty("same").GetBoolean());
        double[] world = [.. seen.GetProperty("world").EnumerateArray().Select(e => e.GetDouble())];
        Assert.Equal(1, world[0]);
        Assert.Equal(8.02e8, world[2], 1.0);
        Assert.Equal(0.0345 * Math.PI / 180, world[3], 1e-8);
    }

    [Fact]
    public void A_real_cube_reads()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in RealData.UnpackCubes(folder))
        {
            using FitsReader reader = FitsReader.Open(path);
            Assert.Equal([3L, 3, 288, 4, 36], reader.Units[0].Shape);
            var values = new float[9];
            reader.Units[0].ReadImage(reader.Units[0].Count - 9, values);
            Assert.All(values, value => Assert.Equal(values[0], value));
        }
    }

    [Fact]
    public void An_unfinished_file_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("unfinished.fits");
        using (FitsWriter writer = FitsWriter.Create(path))
        {
            FitsImageSink sink = writer.BeginImage([4, 4], new FitsHeader());
            sink.Write(new float[8]);
            Assert.Throws<InvalidOperationException>(sink.Complete);
            Assert.Throws<InvalidOperationException>(writer.Complete);
        }
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(0, "empty")]
    [InlineData(100, "truncated")]
    [InlineData(3000, "truncated: the data of unit 0 need")]
    public void A_truncated_file_is_refused_with_its_name(int length, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("short.fits");
        using (FitsWriter writer = FitsWriter.Create(path))
        {
            FitsImageSink sink = writer.BeginImage([100, 100], new FitsHeader());
            sink.Write(new float[10_000]);
            sink.Complete();
            writer.Complete();
        }
        using (FileStream file = File.OpenWrite(path))
            file.SetLength(length);
        var failure = Assert.Throws<FitsFormatException>(() => FitsReader.Open(path));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    static float[] RandomValues(Random random, long count) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => random.Next(10) == 0 ? float.NaN : (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-20, 20)))];

    static FitsHeader RandomHeader(Random random) => new FitsHeader()
        .Add("LONGTEXT", $"it's {string.Concat(Enumerable.Repeat("long ", 40))}end")
        .Add("VALUE", (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30)), "a number")
        .Add("FLAG", true)
        .AddHistory(new string('h', random.Next(1, 200)))
        .AddComment("a comment");

    // The pieces of the image in random order, as beams become ready.
    static void WriteScattered(FitsImageSink sink, float[] values, Random random)
    {
        int piece = random.Next(1, 200);
        int[] starts = [.. Enumerable.Range(0, (values.Length + piece - 1) / piece).Select(i => i * piece)];
        random.Shuffle(starts);
        foreach (int start in starts)
            sink.WriteAt(start, values.AsSpan(start, Math.Min(piece, values.Length - start)));
        sink.Complete();
    }
}
