namespace Holoflow.Holography.Pictures;

/// <summary>A text centred on each point, such as beam numbers.</summary>
public sealed class Labels(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<string> texts) : Layer
{
    public Colour Colour { get; init; } = Colour.Ink;

    /// <summary>Height of capitals in pixels.</summary>
    public double Size { get; init; } = 9;

    internal override void Draw(PlotArea area)
    {
        for (int i = 0; i < texts.Count; i++)
            area.Canvas.DrawText(texts[i], area.PixelX(x[i]), area.PixelY(y[i]) + (Size / 2), Size, Colour, Anchor.Middle);
    }
}
