namespace Holoflow.Holography.Pictures;

/// <summary>The rectangle inside a panel's axes: turns values into pixels for its layers.</summary>
sealed record PlotArea(Canvas Canvas, int Left, int Top, int Width, int Height, Axis X, Axis Y)
{
    public Clip Clip => new(Left, Top, Left + Width - 1, Top + Height - 1);

    public double PixelX(double value) => Left + (X.Fraction(value) * Width);

    public double PixelY(double value) => Top + Height - (Y.Fraction(value) * Height);

    public double ValueX(double pixel) => X.Start + ((pixel - Left) / Width * (X.End - X.Start));

    public double ValueY(double pixel) => Y.Start + ((Top + Height - pixel) / Height * (Y.End - Y.Start));
}
