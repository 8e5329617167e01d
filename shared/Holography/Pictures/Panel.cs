namespace Holoflow.Holography.Pictures;

/// <summary>One plot of a figure: axes with ticks, layers drawn in order, a title, a colour bar for a heat map, a legend for named curves.</summary>
public sealed class Panel(Axis x, Axis y)
{
    const int TickLength = 4, BarWidth = 12, BarGap = 8;
    readonly List<Layer> _layers = [];

    public string Title { get; init; } = "";

    /// <summary>Whether a unit of x is as long as one of y: for what lies on the sky.</summary>
    public bool HasEqualUnits { get; init; }

    /// <summary>Whether pale lines mark the ticks.</summary>
    public bool HasGrid { get; init; }

    /// <summary>Draws a layer over those that are there.</summary>
    public Panel Add(Layer layer)
    {
        _layers.Add(layer);
        return this;
    }

    internal void Draw(Canvas canvas, int left, int top, int width, int height, double textSize)
    {
        HeatMap? map = _layers.OfType<HeatMap>().FirstOrDefault(layer => layer.HasColourBar);
        int marginLeft = (int)((y.Label.Length > 0 ? 5.6 : 4.2) * textSize), marginBottom = (int)((x.Label.Length > 0 ? 4.6 : 2.8) * textSize);
        int marginTop = (int)((Title.Length > 0 ? 2.6 : 1.2) * textSize);
        int marginRight = (int)(1.4 * textSize) + (map is null ? 0 : BarGap + BarWidth + (int)((map.Scale.Label.Length > 0 ? 5.8 : 4) * textSize));
        int plotWidth = Math.Max(20, width - marginLeft - marginRight), plotHeight = Math.Max(20, height - marginTop - marginBottom);
        if (HasEqualUnits)
            (plotWidth, plotHeight) = Equalise(plotWidth, plotHeight);
        var area = new PlotArea(canvas, left + marginLeft, top + marginTop, plotWidth, plotHeight, x, y);
        if (HasGrid)
            DrawGrid(area, textSize);
        foreach (Layer layer in _layers)
            layer.Draw(area);
        DrawAxes(area, textSize);
        DrawLegend(area, textSize);
        canvas.DrawText(Title, area.Left + (plotWidth / 2.0), area.Top - (0.8 * textSize), 1.1 * textSize, Colour.Ink, Anchor.Middle);
        if (map is not null)
            DrawColourBar(area, map.Scale, textSize);
    }

    (int Width, int Height) Equalise(int width, int height)
    {
        double unit = Math.Min(width / Math.Abs(x.End - x.Start), height / Math.Abs(y.End - y.Start));
        return ((int)(unit * Math.Abs(x.End - x.Start)), (int)(unit * Math.Abs(y.End - y.Start)));
    }

    int TickCountX(PlotArea area, double textSize) => (int)Math.Clamp(area.Width / (4.8 * textSize), 2, 8);

    static int TickCountY(PlotArea area, double textSize) => (int)Math.Clamp(area.Height / (3.5 * textSize), 2, 8);

    void DrawGrid(PlotArea area, double textSize)
    {
        foreach ((double value, _) in x.Ticks(TickCountX(area, textSize)))
            area.Canvas.DrawLine(area.PixelX(value), area.Top, area.PixelX(value), area.Top + area.Height, Colour.Pale, 1, area.Clip);
        foreach ((double value, _) in y.Ticks(TickCountY(area, textSize)))
            area.Canvas.DrawLine(area.Left, area.PixelY(value), area.Left + area.Width, area.PixelY(value), Colour.Pale, 1, area.Clip);
    }

    void DrawAxes(PlotArea area, double textSize)
    {
        Canvas canvas = area.Canvas;
        Frame(canvas, area.Left, area.Top, area.Width, area.Height);
        int bottom = area.Top + area.Height;
        foreach ((double value, string text) in x.Ticks(TickCountX(area, textSize)))
        {
            double at = Math.Floor(area.PixelX(value)) + 0.5;
            canvas.DrawLine(at, bottom, at, bottom + TickLength, Colour.Ink);
            canvas.DrawText(text, at, bottom + TickLength + (1.5 * textSize), textSize, Colour.Ink, Anchor.Middle);
        }
        foreach ((double value, string text) in y.Ticks(TickCountY(area, textSize)))
        {
            double at = Math.Floor(area.PixelY(value)) + 0.5;
            canvas.DrawLine(area.Left - TickLength, at, area.Left, at, Colour.Ink);
            canvas.DrawText(text, area.Left - TickLength - (0.5 * textSize), at + (textSize / 2), textSize, Colour.Ink, Anchor.End);
        }
        canvas.DrawText(x.Label, area.Left + (area.Width / 2.0), bottom + (3.8 * textSize), textSize, Colour.Ink, Anchor.Middle);
        canvas.DrawText(y.Label, area.Left - (4.9 * textSize), area.Top + (area.Height / 2.0), textSize, Colour.Ink, Anchor.Middle, upwards: true);
    }

    void DrawLegend(PlotArea area, double textSize)
    {
        (string Name, Colour Colour)[] entries =
        [
            .. _layers.OfType<Line>().Where(line => line.Name.Length > 0).Select(line => (line.Name, line.Colour)),
            .. _layers.OfType<Points>().Where(points => points.Name.Length > 0).Select(points => (points.Name, points.Colour)),
        ];
        if (entries.Length == 0)
            return;
        double width = entries.Max(entry => StrokeFont.Width(entry.Name, textSize)) + (3.4 * textSize);
        double left = area.Left + area.Width - width - 6, top = area.Top + 6;
        area.Canvas.FillRectangle((int)left, (int)top, (int)width, (int)(entries.Length * 1.8 * textSize) + 4, Colour.White);
        for (int i = 0; i < entries.Length; i++)
        {
            double line = top + (((i * 1.8) + 1.1) * textSize);
            area.Canvas.DrawLine(left + 4, line, left + 4 + (1.8 * textSize), line, entries[i].Colour, 2.2);
            area.Canvas.DrawText(entries[i].Name, left + (2.8 * textSize), line + (textSize / 2), textSize, Colour.Ink);
        }
    }

    static void DrawColourBar(PlotArea area, ColourScale scale, double textSize)
    {
        int left = area.Left + area.Width + BarGap;
        for (int row = 0; row < area.Height; row++)
            area.Canvas.FillRectangle(left, area.Top + row, BarWidth, 1, scale.Map.At(1 - ((row + 0.5) / area.Height)));
        Frame(area.Canvas, left, area.Top, BarWidth, area.Height);
        var axis = new Axis("", scale.Minimum, scale.Maximum);
        double widest = 0;
        foreach ((double value, string text) in axis.Ticks(TickCountY(area, textSize)))
        {
            double at = Math.Floor(area.Top + area.Height - (axis.Fraction(value) * area.Height)) + 0.5;
            area.Canvas.DrawLine(left + BarWidth, at, left + BarWidth + 3, at, Colour.Ink);
            area.Canvas.DrawText(text, left + BarWidth + 6, at + (textSize / 2), textSize, Colour.Ink);
            widest = Math.Max(widest, StrokeFont.Width(text, textSize));
        }
        area.Canvas.DrawText(
            scale.Label, left + BarWidth + 6 + widest + (1.7 * textSize), area.Top + (area.Height / 2.0), textSize, Colour.Ink, Anchor.Middle, upwards: true);
    }

    static void Frame(Canvas canvas, int left, int top, int width, int height)
    {
        canvas.FillRectangle(left - 1, top - 1, width + 2, 1, Colour.Ink);
        canvas.FillRectangle(left - 1, top + height, width + 2, 1, Colour.Ink);
        canvas.FillRectangle(left - 1, top - 1, 1, height + 2, Colour.Ink);
        canvas.FillRectangle(left + width, top - 1, 1, height + 2, Colour.Ink);
    }
}
