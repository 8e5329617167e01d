namespace Holoflow.Holography.Pictures;

/// <summary>An arrow at each point, with a key that says how long an arrow of round length is.</summary>
/// <param name="x">Where arrows start.</param>
/// <param name="y">Where arrows start.</param>
/// <param name="dx">Along x, in the key's unit.</param>
/// <param name="dy">Along y, in the key's unit.</param>
/// <param name="keyLength">The length of the key's arrow.</param>
/// <param name="keyText">What the key says, such as "1 arcmin".</param>
public sealed class Arrows(
    IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> dx, IReadOnlyList<double> dy, double keyLength, string keyText) : Layer
{
    public Colour Colour { get; init; } = Colour.Ink;

    /// <summary>The length of the key's arrow in pixels.</summary>
    public double KeyPixels { get; init; } = 30;

    internal override void Draw(PlotArea area)
    {
        double scale = KeyPixels / keyLength;
        double directionX = Math.Sign(area.X.End - area.X.Start), directionY = Math.Sign(area.Y.End - area.Y.Start);
        for (int i = 0; i < x.Count; i++)
        {
            if (!double.IsFinite(x[i] + y[i] + dx[i] + dy[i]))
                continue;
            double px = area.PixelX(x[i]), py = area.PixelY(y[i]);
            DrawArrow(area, px, py, px + (dx[i] * scale * directionX), py - (dy[i] * scale * directionY));
        }
        double size = Math.Max(8, area.Height / 30.0), left = area.Left + 8, line = area.Top + 8 + (size / 2);
        double width = KeyPixels + 6 + StrokeFont.Width(keyText, size);
        area.Canvas.FillRectangle(area.Left + 3, area.Top + 3, (int)(width + 11), (int)(size + 11), Colour.White);
        DrawArrow(area, left, line, left + KeyPixels, line);
        area.Canvas.DrawText(keyText, left + KeyPixels + 6, line + (size / 2), size, Colour.Ink);
    }

    void DrawArrow(PlotArea area, double x1, double y1, double x2, double y2)
    {
        double length = Math.Sqrt(((x2 - x1) * (x2 - x1)) + ((y2 - y1) * (y2 - y1)));
        if (length < 0.5)
        {
            area.Canvas.DrawLine(x1, y1, x1, y1, Colour, 2, area.Clip);
            return;
        }
        double ux = (x2 - x1) / length, uy = (y2 - y1) / length, head = Math.Min(7, length), half = 0.42 * head;
        double baseX = x2 - (head * ux), baseY = y2 - (head * uy);
        area.Canvas.DrawLine(x1, y1, baseX, baseY, Colour, 1.4, area.Clip);
        area.Canvas.FillPolygon([(x2, y2), (baseX - (half * uy), baseY + (half * ux)), (baseX + (half * uy), baseY - (half * ux))], Colour, area.Clip);
    }
}
