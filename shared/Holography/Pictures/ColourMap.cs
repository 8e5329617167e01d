namespace Holoflow.Holography.Pictures;

/// <summary>Colours for values from 0 to 1, linear between stops.</summary>
public sealed class ColourMap(params Colour[] stops)
{
    /// <summary>For intensity: perceptually uniform, dark to bright (viridis, van der Walt and Smith 2015, dedicated to the public).</summary>
    public static ColourMap Viridis { get; } = new(
        new(68, 1, 84), new(72, 36, 117), new(65, 68, 135), new(53, 95, 141), new(42, 120, 142), new(33, 145, 140),
        new(34, 168, 132), new(68, 191, 112), new(122, 209, 81), new(189, 223, 38), new(253, 231, 37));

    /// <summary>For what has a sign, such as leakage: blue over neutral to red (Moreland 2009).</summary>
    public static ColourMap Diverging { get; } = new(
        new(59, 76, 192), new(98, 130, 234), new(141, 176, 254), new(184, 208, 249), new(221, 221, 221),
        new(245, 196, 173), new(244, 154, 123), new(222, 96, 77), new(180, 4, 38));

    /// <summary>The colour at a fraction of the map, 0 to 1; beyond its ends that of the nearest end. Not for NaN.</summary>
    public Colour At(double fraction)
    {
        double place = Math.Clamp(fraction, 0, 1) * (stops.Length - 1);
        int index = Math.Min((int)place, stops.Length - 2);
        return stops[index].Mix(stops[index + 1], place - index);
    }
}

/// <summary>Values to colours: what is below or above the range takes the colour of its end, NaN a pale grey.</summary>
public sealed record ColourScale(ColourMap Map, double Minimum, double Maximum, string Label = "")
{
    /// <summary>The colour of a value in the scale's unit; NaN is pale.</summary>
    public Colour At(double value) => double.IsNaN(value) ? Colour.Pale : Map.At((value - Minimum) / (Maximum - Minimum));
}
