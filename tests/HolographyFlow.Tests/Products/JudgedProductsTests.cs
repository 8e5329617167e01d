using System.Text.Json;

namespace Holoflow.HolographyFlow.Tests.Products;

/// <summary>The products of a whole run before judges that share no code with it.</summary>
public sealed class JudgedProductsTests(ReducedObservation reduced) : IClassFixture<ReducedObservation>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(".cube.fits")]
    [InlineData(".taylor.fits")]
    [InlineData(".weight.fits")]
    [InlineData(".pointing.fits")]
    public async Task Fitsverify_finds_nothing(string kind) =>
        Assert.Contains("0 warning(s) and 0 error(s)", await PythonJudge.Command("fitsverify", [reduced.Product(kind)], Cancellation), StringComparison.Ordinal);

    [Fact]
    public async Task Astropy_reads_the_cube_as_its_consumers_will()
    {
        var seen = await PythonJudge.Ask(
            """
            from astropy.io import fits
            from astropy.wcs import WCS
            import numpy as np
            with fits.open(args['path'], checksum=True) as f:
                d, h = f[0].data, f[0].header
                w = WCS(h)
                centre = w.celestial.all_pix2world([[16, 16]], 0)[0]
                finite = np.isfinite(d)
                result = {'shape': d.shape, 'types': [c for c in w.wcs.ctype], 'centre': centre, 'frequency': h['CRVAL3'] + 3 * h['CDELT3'],
                    'peak': float(np.nanmax(np.abs(d[:, 0, :, 16, 16] - 1))), 'finite': [bool(finite[b].all()) for b in range(3)], 'none': [bool((~finite[b]).all()) for b in range(3)],
                    'fraction': float(np.nanmax(np.abs(d[:, 1:][np.repeat(d[:, :1] > 0.5, 3, axis=1)])))}
            """,
            new { path = reduced.Product(".cube.fits") },
            Cancellation);
        Assert.Equal([3, 4, 6, 33, 33], seen.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal(["RA---SIN", "DEC--SIN", "FREQ", "STOKES", "BEAM"], seen.GetProperty("types").EnumerateArray().Select(n => n.GetString()!));
        Assert.Equal(0, Math.IEEERemainder(seen.GetProperty("centre")[0].GetDouble(), 360), 1e-9);
        Assert.Equal(0, seen.GetProperty("centre")[1].GetDouble(), 1e-9);
        Assert.Equal(1083e6, seen.GetProperty("frequency").GetDouble());
        Assert.True(seen.GetProperty("peak").GetDouble() < 1e-4, "I is 1 at the centre of every beam and channel");
        Assert.Equal([true, false, true], seen.GetProperty("finite").EnumerateArray().Select(n => n.GetBoolean()));
        Assert.Equal([false, true, false], seen.GetProperty("none").EnumerateArray().Select(n => n.GetBoolean()));
        Assert.InRange(seen.GetProperty("fraction").GetDouble(), 0.005, 0.2);
    }

    [Fact]
    public async Task Casacores_image_reader_opens_the_cube_pixel_by_pixel_with_its_coordinates()
    {
        var seen = await PythonJudge.Ask(
            """
            from casacore.images import image
            from astropy.io import fits
            import numpy as np
            i = image(args['path'])
            a, d = np.ma.filled(i.getdata(), np.nan), fits.getdata(args['path'])
            c = i.coordinates()
            result = {'shape': i.shape(), 'same': bool(np.array_equal(a, d, equal_nan=True)), 'axes': str(c.get_axes()), 'world': i.toworld([2, 0, 3, 16, 16])}
            """,
            new { path = reduced.Product(".cube.fits") },
            Cancellation);
        Assert.Equal([3, 4, 6, 33, 33], seen.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
        Assert.True(seen.GetProperty("same").GetBoolean());
        Assert.Contains("Frequency", seen.GetProperty("axes").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, seen.GetProperty("world")[0].GetDouble(), 1e-9);
        Assert.Equal(1083e6, seen.GetProperty("world")[2].GetDouble(), 1.0);
    }

    [Fact]
    public async Task Scipy_finds_the_Taylor_terms_in_the_cube()
    {
        var seen = await PythonJudge.Ask(
            """
            from astropy.io import fits
            import numpy as np
            d, t, h = fits.getdata(args['cube']).astype('f8'), fits.getdata(args['taylor']), fits.getheader(args['taylor'])
            f = 1080e6 + 1e6 * np.arange(6)
            w = (f - h['RESTFRQ']) / h['RESTFRQ']
            fit = np.linalg.lstsq(np.vander(w, 2, increasing=True), d[2].transpose(1, 0, 2, 3).reshape(6, -1), rcond=None)[0]
            ours = t[2].transpose(1, 0, 2, 3, 4).reshape(2, -1)
            result = {'shape': t.shape, 'error': np.abs(ours - fit).max(axis=1), 'types': [h[f'CTYPE{i}'] for i in range(1, 7)], 'missing': bool(np.isnan(t[1]).all()), 'band': h['CDELT3'], 'middle': h['RESTFRQ'] == h['CRVAL3']}
            """,
            new { cube = reduced.Product(".cube.fits"), taylor = reduced.Product(".taylor.fits") },
            Cancellation);
        Assert.Equal([3, 4, 2, 1, 33, 33], seen.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal(["RA---SIN", "DEC--SIN", "FREQ", "TAYLOR", "STOKES", "BEAM"], seen.GetProperty("types").EnumerateArray().Select(n => n.GetString()!));
        Assert.True(seen.GetProperty("error")[0].GetDouble() < 1e-5);
        Assert.True(seen.GetProperty("error")[1].GetDouble() < 1e-2, "the slope is in units of 1 per unit of w, and w reaches 0.002");
        Assert.True(seen.GetProperty("missing").GetBoolean());
        Assert.True(seen.GetProperty("middle").GetBoolean());
        Assert.Equal(6e6, seen.GetProperty("band").GetDouble());
    }

    [Fact]
    public async Task Weights_say_where_nothing_was_measured()
    {
        var seen = await PythonJudge.Ask(
            """
            from astropy.io import fits
            import numpy as np
            with fits.open(args['path']) as f:
                w, t = f[0].data, f['CHANNELS'].data
                result = {'missing': float(np.abs(w[1]).max()), 'least': float(w[0, 0, :, 16 - 4:16 + 4, 16 - 4:16 + 4].min()), 'rows': len(t), 'flag': t['MISSING'].sum(), 'antennas': t['ANTENNAS'][t['BEAM'] == 0].min()}
            """,
            new { path = reduced.Product(".weight.fits") },
            Cancellation);
        Assert.Equal(0, seen.GetProperty("missing").GetDouble());
        Assert.True(seen.GetProperty("least").GetDouble() >= 0);
        Assert.Equal(18, seen.GetProperty("rows").GetInt32());
        Assert.Equal(6, seen.GetProperty("flag").GetInt32());
        Assert.Equal(4, seen.GetProperty("antennas").GetInt32());
    }

    [Fact]
    public void Quality_is_reported_with_what_is_missing()
    {
        var report = JsonDocument.Parse(File.ReadAllBytes(reduced.Product(".qa.json"))).RootElement;
        Assert.Equal("warn", report.GetProperty("status").GetString());
        Assert.False(report.GetProperty("isComplete").GetBoolean());
        Assert.Equal(1, report.GetProperty("missingBeams")[0].GetProperty("beam").GetInt32());
        Assert.Contains(report.GetProperty("checks").EnumerateArray(), check => check.GetProperty("name").GetString()!.Contains("squint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_picture_is_one_that_others_can_read()
    {
        var pictures = reduced.Run.Result.Files.Where(file => file.EndsWith(".png", StringComparison.Ordinal)).ToArray();
        Assert.True(pictures.Length >= 14, $"{pictures.Length} pictures");
        var seen = await PythonJudge.Ask(
            """
            import struct, zlib
            def check(path):
                b = open(path, 'rb').read(); assert b[:8] == b'\x89PNG\r\n\x1a\n'; at, data, colours = 8, b'', 0
                while at < len(b):
                    n, kind = struct.unpack('>I4s', b[at:at + 8]); body = b[at + 8:at + 8 + n]
                    assert zlib.crc32(kind + body) == struct.unpack('>I', b[at + 8 + n:at + 12 + n])[0]
                    if kind == b'IHDR': width, height = struct.unpack('>II', body[:8])
                    if kind == b'IDAT': data += body
                    at += 12 + n
                return [width, height, len(set(zlib.decompress(data)))]
            result = [check(p) for p in args['paths']]
            """,
            new { paths = pictures },
            Cancellation);
        Assert.All(seen.EnumerateArray(), picture => Assert.True(picture[0].GetInt32() > 300 && picture[1].GetInt32() > 200 && picture[2].GetInt32() > 10));
        Assert.Equal(pictures.Length, reduced.Run.Artifacts.Count(artifact => artifact.Type == "image"));
    }

    [Fact]
    public void The_pointing_report_holds_every_target_antenna_in_every_beam()
    {
        var lines = File.ReadAllLines(reduced.Product(".pointing.csv"));
        Assert.Equal("antenna,name,beam,east_arcmin,north_arcmin,scatter_arcmin,samples", lines[0]);
        Assert.Equal(4 * (1 + 2), lines.Length - 1);
        Assert.DoesNotContain(lines, line => line.Contains("AK03", StringComparison.Ordinal));
    }
}
