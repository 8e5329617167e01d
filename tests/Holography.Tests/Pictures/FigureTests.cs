using Holoflow.Holography.Pictures;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Pictures;

public sealed class FigureTests
{
    [Fact]
    public async Task Astronomers_pictures_decode_to_the_pixels_that_were_drawn()
    {
        string kept = Environment.GetEnvironmentVariable("HOLOGRAPHY_PICTURES") ?? "";
        using var folder = new TemporaryFolder();
        string path = kept.Length > 0 ? Path.Combine(kept, "figure.png") : folder.File("figure.png"), raw = folder.File("figure.raw");
        Figure figure = BeamFigure();
        figure.SavePng(path);
        Canvas canvas = figure.Draw();
        await File.WriteAllBytesAsync(raw, canvas.Pixels.ToArray(), TestContext.Current.CancellationToken);
        var verdict = await PythonJudge.Ask(
            """
            import struct, zlib
            data = open(args['path'], 'rb').read()
            at, chunks = 8, {}
            while at < len(data):
                length, = struct.unpack('>I', data[at:at + 4]); kind = data[at + 4:at + 8]; body = data[at + 8:at + 8 + length]
                assert struct.unpack('>I', data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body), kind
                chunks[kind] = chunks.get(kind, b'') + body; at += 12 + length
            width, height, depth, colour = struct.unpack('>IIBB', chunks[b'IHDR'][:10])
            lines = zlib.decompress(chunks[b'IDAT'])
            stride = 3 * width + 1
            pixels = b''.join(lines[r * stride + 1:(r + 1) * stride] for r in range(height))
            result = {'size': [width, height], 'rgb8': depth == 8 and colour == 2, 'filters': sorted(set(lines[::stride])), 'same': pixels == open(args['raw'], 'rb').read()}
            """,
            new { path, raw },
            TestContext.Current.CancellationToken);
        Assert.True(verdict.GetProperty("same").GetBoolean());
        Assert.True(verdict.GetProperty("rgb8").GetBoolean());
        Assert.Equal(canvas.Width, verdict.GetProperty("size")[0].GetInt32());
    }

    [Fact]
    public void A_heat_map_shows_each_value_in_its_colour_and_no_value_as_pale()
    {
        var scale = new ColourScale(ColourMap.Viridis, 0, 1);
        var grid = Grid.Centred(new[] { 0f, 1f, float.NaN, 0.5f }, 2, 2, 1, 1);
        Canvas canvas = new Figure("") { PanelWidth = 300, PanelHeight = 300 }
            .Add(new Panel(grid.AxisX(""), grid.AxisY("")).Add(new HeatMap(grid, scale) { HasColourBar = false })).Draw();
        Assert.Equal(ColourMap.Viridis.At(0), Pixel(canvas, 80, 220));
        Assert.Equal(ColourMap.Viridis.At(1), Pixel(canvas, 240, 220));
        Assert.Equal(Colour.Pale, Pixel(canvas, 80, 60));
        Assert.Equal(ColourMap.Viridis.At(0.5), Pixel(canvas, 240, 60));
    }

    [Theory]
    [InlineData(0, 1, 5, "0,0.2,0.4,0.6,0.8,1.0")]
    [InlineData(3, -3, 6, "-3,-2,-1,0,1,2,3")]
    [InlineData(799.5, 1087.5, 4, "800,900,1000")]
    [InlineData(1, 1, 4, "")]
    public void Ticks_are_round(double start, double end, int count, string expected) =>
        Assert.Equal(expected, string.Join(',', new Axis("", start, end).Ticks(count).Select(tick => tick.Text)));

    [Fact]
    public void Every_printable_character_has_a_width_and_strokes()
    {
        for (char c = '!'; c <= '~'; c++)
        {
            Assert.True(StrokeFont.Width(c.ToString(), 10) >= 0);
            Assert.NotEmpty(StrokeFont.Strokes(c.ToString(), 10).Single());
        }
    }

    static Colour Pixel(Canvas canvas, int x, int y)
    {
        ReadOnlySpan<byte> pixel = canvas.Pixels.Slice(3 * ((y * canvas.Width) + x), 3);
        return new Colour(pixel[0], pixel[1], pixel[2]);
    }

    static Figure BeamFigure()
    {
        const int size = 101;
        float[] intensity = new float[size * size], leakage = new float[size * size];
        for (int i = 0; i < intensity.Length; i++)
        {
            double l = ((i % size) - 50) * -0.0345, m = ((i / size) - 50) * 0.0345, r = Math.Sqrt((l * l) + (m * m)) / 0.6;
            double u = Math.Max(1e-9, r * 2.2);
            intensity[i] = (float)Math.Pow(2 * BesselJ1(u) / u, 2);
            leakage[i] = r > 2.4 ? float.NaN : (float)(0.05 * l * m);
        }
        Grid beam = Grid.Centred(intensity, size, size, -0.0345, 0.0345), cross = Grid.Centred(leakage, size, size, -0.0345, 0.0345);
        double[] frequency = [.. Enumerable.Range(0, 288).Select(c => 800 + (double)c)], width = [.. frequency.Select(f => 1.09 * 299.792458 / f / 12 * 180 / Math.PI)];
        double[] noisy = [.. width.Select((w, i) => i is > 100 and < 120 ? double.NaN : w * (1 + (0.01 * Math.Sin(i * 1.7))))];
        double[] bx = [.. Enumerable.Range(0, 36).Select(b => ((b % 6) - 2.5 + (b / 6 % 2 * 0.5)) * 0.9)], by = [.. Enumerable.Range(0, 36).Select(b => ((b / 6) - 2.5) * 0.78)];
        return new Figure("SB55219 closepack36 AK01..AK36: 943.5 MHz (I, Q/I, U/I, V/I) \"QA\"", 2)
            .Add(new Panel(beam.AxisX("l (deg)"), beam.AxisY("m (deg)")) { Title = "Stokes I, beam 17", HasEqualUnits = true }
                .Add(new HeatMap(beam, new ColourScale(ColourMap.Viridis, 0, 1, "I / I(0)"))).Add(new Contours(beam, 0.02, 0.1, 0.5)))
            .Add(new Panel(cross.AxisX("l (deg)"), cross.AxisY("m (deg)")) { Title = "U/I leakage", HasEqualUnits = true }
                .Add(new HeatMap(cross, new ColourScale(ColourMap.Diverging, -0.05, 0.05, "U / I"))).Add(new Contours(beam, 0.5) { Colour = Colour.Ink }))
            .Add(new Panel(new Axis("frequency (MHz)", 795, 1090), Axis.Around("FWHM (deg)", noisy)) { Title = "beam width", HasGrid = true }
                .Add(new Line(frequency, noisy) { Name = "measured" }).Add(new Line(frequency, width) { Name = "1.09 λ/D", Colour = Colour.Series[1], IsDashed = true }))
            .Add(new Panel(new Axis("x (deg)", -3.2, 3.2), new Axis("y (deg)", -3.2, 3.2)) { Title = "AK07: pointing error", HasEqualUnits = true }
                .Add(new Arrows(bx, by, [.. bx.Select(v => 0.6 + (0.2 * v))], [.. by.Select(v => -0.4 * v)], 1, "1 arcmin"))
                .Add(new Labels(bx, [.. by.Select(v => v - 0.2)], [.. Enumerable.Range(0, 36).Select(b => b.ToString())]) { Size = 7, Colour = Colour.Series[0] }));
    }

    // The power series; enough for the figure's range.
    static double BesselJ1(double x)
    {
        double term = x / 2, sum = term;
        for (int k = 1; k < 40; k++)
        {
            term *= -(x * x / 4) / (k * (k + 1));
            sum += term;
        }
        return sum;
    }
}
