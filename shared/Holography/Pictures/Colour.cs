namespace Holoflow.Holography.Pictures;

/// <summary>A colour of eight bits a channel.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour White { get; } = new(255, 255, 255);

    public static Colour Black { get; } = new(0, 0, 0);

    /// <summary>Axes and text.</summary>
    public static Colour Ink { get; } = new(32, 32, 38);

    /// <summary>Grid lines, and where there is no value.</summary>
    public static Colour Pale { get; } = new(222, 222, 226);

    /// <summary>Colours for curves that people of all kinds of colour vision tell apart (Okabe and Ito 2008).</summary>
    public static IReadOnlyList<Colour> Series { get; } =
    [
        new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(230, 159, 0), new(86, 180, 233), new(90, 90, 90),
    ];

    /// <summary>The mixture with the other colour, by its fraction, 0 to 1.</summary>
    public Colour Mix(Colour other, double fraction) => new(Blend(Red, other.Red, fraction), Blend(Green, other.Green, fraction), Blend(Blue, other.Blue, fraction));

    static byte Blend(byte from, byte to, double fraction) => (byte)Math.Round(from + ((to - from) * fraction));
}
