using Holoflow.Holography.Pictures;

namespace Holoflow.Holography.Tests.Pictures;

/// <summary>Each kind of layer puts its ink where its values are.</summary>
public sealed class LayerTests
{
    const int Side = 201;

    [Fact]
    public void A_line_goes_through_its_points_and_is_broken_where_one_is_missing()
    {
        var ink = Ink(new Line([-1, -0.5, 0, 0.5, 1], [0.5, 0.5, double.NaN, 0.5, 0.5]));
        Assert.All(ink, at => Assert.Equal(0.5, at.Y, 0.03));
        Assert.Contains(ink, at => at.X < -0.9);
        Assert.Contains(ink, at => at.X > 0.9);
        Assert.DoesNotContain(ink, at => at.X is > -0.47 and < 0.47);
    }

    [Fact]
    public void A_contour_runs_where_the_value_is_its_level()
    {
        const int size = 41;
        float[] distance = [.. Enumerable.Range(0, size * size).Select(k => (float)Math.Sqrt(Math.Pow(((k % size) - 20) / 20.0, 2) + Math.Pow(((k / size) - 20) / 20.0, 2)))];
        var ink = Ink(new Contours(Grid.Centred(distance, size, size, -0.05, 0.05), 0.5) { Colour = Colour.Ink });
        Assert.All(ink, at => Assert.Equal(0.5, Math.Sqrt((at.X * at.X) + (at.Y * at.Y)), 0.03));
        for (double angle = 0; angle < 2 * Math.PI; angle += Math.PI / 16)
            Assert.Contains(ink, at => Math.Abs(at.X - (0.5 * Math.Cos(angle))) < 0.03 && Math.Abs(at.Y - (0.5 * Math.Sin(angle))) < 0.03);
    }

    [Theory]
    [InlineData(-1, 1, 1)]
    [InlineData(1, -1, -1)]
    public void An_arrow_points_as_its_axes_do(double start, double end, int sense)
    {
        // To the right where x grows that way, to the left where it falls, as right ascension does.
        var ink = Ink(new Arrows([0], [0], [1], [0.5], 1, "") { KeyPixels = 50 }, new Axis("", start, end)).Where(at => at.Y < 0.8).ToArray();
        var tip = ink.MaxBy(at => sense * at.Right);
        Assert.Equal((sense * 0.5, 0.25), (tip.Right, tip.Y), (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.04 && Math.Abs(a.Item2 - b.Item2) < 0.04);
        Assert.DoesNotContain(ink, at => sense * at.Right < -0.03);
    }

    [Fact]
    public void A_text_is_centred_on_its_point_and_no_two_digits_look_alike()
    {
        var drawn = Enumerable.Range(0, 10).Select(digit => Ink(new Labels([0.25], [-0.25], [$"{digit}"]) { Size = 20 })).ToArray();
        Assert.All(drawn, ink =>
        {
            Assert.Equal(0.25, (ink.Min(at => at.X) + ink.Max(at => at.X)) / 2, 0.08);
            Assert.Equal(-0.25, (ink.Min(at => at.Y) + ink.Max(at => at.Y)) / 2, 0.04);
        });
        Assert.Equal(10, drawn.Select(ink => string.Join(';', ink)).Distinct().Count());
    }

    [Fact]
    public void A_colour_bar_shows_the_scale_from_below_to_above()
    {
        var grid = Grid.Centred(new float[] { 0, 0, 0, 0 }, 2, 2, 1, 1);
        Canvas canvas = new Figure("").Add(new Panel(grid.AxisX(""), grid.AxisY("")).Add(new HeatMap(grid, new ColourScale(ColourMap.Viridis, 0, 1, "I")))).Draw();
        // The plot itself has the colour of 0 alone: the column that has all the others is the bar's.
        int bar = Enumerable.Range(0, canvas.Width).MaxBy(x => Column(canvas, x).Distinct().Count());
        Colour[] column = [.. Column(canvas, bar)];
        int[] places = [.. new[] { 1.0, 0.75, 0.5, 0.25, 0.0 }.Select(value => Array.FindIndex(column, colour => Near(colour, ColourMap.Viridis.At(value))))];
        Assert.All(places, place => Assert.True(place > 0));
        Assert.Equal(places.Order(), places);
    }

    static bool Near(Colour a, Colour b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue) <= 6;

    static IEnumerable<Colour> Column(Canvas canvas, int x) => Enumerable.Range(0, canvas.Height).Select(y => At(canvas, x, y));

    static Colour At(Canvas canvas, int x, int y)
    {
        ReadOnlySpan<byte> pixel = canvas.Pixels.Slice(3 * ((y * canvas.Width) + x), 3);
        return new Colour(pixel[0], pixel[1], pixel[2]);
    }

    /// <summary>The pixels that are darker than half, in the values of axes from -1 to 1; Right is the place from the left, whichever way x runs.</summary>
    static (double X, double Y, double Right)[] Ink(Layer layer, Axis? x = null)
    {
        var canvas = new Canvas(Side, Side);
        var area = new PlotArea(canvas, 0, 0, Side, Side, x ?? new Axis("", -1, 1), new Axis("", -1, 1));
        layer.Draw(area);
        return
        [
            .. from row in Enumerable.Range(0, Side)
               from column in Enumerable.Range(0, Side)
               let colour = At(canvas, column, row)
               where colour.Red + colour.Green + colour.Blue < 600
               select (area.ValueX(column + 0.5), area.ValueY(row + 0.5), ((column + 0.5) * 2 / Side) - 1),
        ];
    }
}
