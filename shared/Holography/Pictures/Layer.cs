namespace Holoflow.Holography.Pictures;

/// <summary>Something drawn inside a panel's axes.</summary>
public abstract class Layer
{
    internal abstract void Draw(PlotArea area);
}
