namespace Holoflow.Holography.Pictures;

/// <summary>A grid's values as colours, each value a rectangle around its point.</summary>
public sealed class HeatMap(Grid grid, ColourScale scale) : Layer
{
    public ColourScale Scale => scale;

    /// <summary>Whether the panel shows a colour bar for it.</summary>
    public bool HasColourBar { get; init; } = true;

    internal override void Draw(PlotArea area)
    {
        for (int py = area.Top; py < area.Top + area.Height; py++)
        {
            int y = (int)Math.Round((area.ValueY(py + 0.5) - grid.FirstY) / grid.StepY);
            if (y < 0 || y >= grid.Height)
                continue;
            for (int px = area.Left; px < area.Left + area.Width; px++)
            {
                int x = (int)Math.Round((area.ValueX(px + 0.5) - grid.FirstX) / grid.StepX);
                if (x >= 0 && x < grid.Width)
                    area.Canvas.Set(px, py, scale.At(grid.At(x, y)));
            }
        }
    }
}
