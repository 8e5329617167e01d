namespace Holoflow.Holography.Pictures;

/// <summary>Where a text stands relative to the point it is drawn at.</summary>
enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>A picture of RGB pixels with smooth lines, polygons and text. x to the right and y downwards, in pixels.</summary>
sealed class Canvas
{
    const double TextWeight = 0.115;
    readonly byte[] _pixels;

    public Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _pixels = new byte[3 * width * height];
        Array.Fill(_pixels, (byte)255);
    }

    public int Width { get; }

    public int Height { get; }

    public ReadOnlySpan<byte> Pixels => _pixels;

    public void Set(int x, int y, Colour colour)
    {
        if (x < 0 || y < 0 || x >= Width || y >= Height)
            return;
        int at = 3 * ((y * Width) + x);
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (colour.Red, colour.Green, colour.Blue);
    }

    public void FillRectangle(int x, int y, int width, int height, Colour colour)
    {
        for (int row = Math.Max(0, y); row < Math.Min(Height, y + height); row++)
            for (int column = Math.Max(0, x); column < Math.Min(Width, x + width); column++)
                Set(column, row, colour);
    }

    /// <summary>Draws a line; a clip keeps it inside a rectangle.</summary>
    public void DrawLine(double x1, double y1, double x2, double y2, Colour colour, double width = 1, Clip? clip = null) =>
        DrawSegments([(x1, y1, x2, y2)], colour, width, clip);

    /// <summary>Draws segments as one shape, so that joints are not darker than the rest.</summary>
    public void DrawSegments(IReadOnlyList<(double X1, double Y1, double X2, double Y2)> segments, Colour colour, double width, Clip? clip = null)
    {
        if (segments.Count == 0)
            return;
        Clip area = (clip ?? Clip.None).Within(Width, Height);
        Clip shape = Bounds(segments[0], width, area);
        foreach ((double, double, double, double) segment in segments)
            shape = shape.Join(Bounds(segment, width, area));
        int columns = shape.Right - shape.Left + 1, rows = shape.Bottom - shape.Top + 1;
        if (columns <= 0 || rows <= 0)
            return;
        var coverage = new float[columns * rows];
        foreach ((double X1, double Y1, double X2, double Y2) segment in segments)
        {
            Clip bounds = Bounds(segment, width, area);
            for (int y = bounds.Top; y <= bounds.Bottom; y++)
            {
                for (int x = bounds.Left; x <= bounds.Right; x++)
                {
                    ref float cover = ref coverage[((y - shape.Top) * columns) + x - shape.Left];
                    double distance = Distance(x + 0.5, y + 0.5, segment.X1, segment.Y1, segment.X2, segment.Y2);
                    cover = Math.Max(cover, (float)((width / 2) + 0.5 - distance));
                }
            }
        }
        for (int i = 0; i < coverage.Length; i++)
            Cover(shape.Left + (i % columns), shape.Top + (i / columns), colour, coverage[i]);
    }

    /// <summary>Fills a convex polygon, its corners in either sense.</summary>
    public void FillPolygon(ReadOnlySpan<(double X, double Y)> corners, Colour colour, Clip? clip = null)
    {
        const int samples = 4;
        Clip area = (clip ?? Clip.None).Within(Width, Height);
        double left = double.MaxValue, right = double.MinValue, top = double.MaxValue, bottom = double.MinValue;
        foreach ((double x, double y) in corners)
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
        for (int y = (int)Math.Max(area.Top, top); y <= (int)Math.Min(area.Bottom, bottom); y++)
        {
            for (int x = (int)Math.Max(area.Left, left); x <= (int)Math.Min(area.Right, right); x++)
            {
                int inside = 0;
                for (int i = 0; i < samples * samples; i++)
                    inside += Contains(corners, x + (((i % samples) + 0.5) / samples), y + (((i / samples) + 0.5) / samples)) ? 1 : 0;
                Cover(x, y, colour, inside / (double)(samples * samples));
            }
        }
    }

    /// <summary>Draws text with capitals <paramref name="size"/> pixels high on a base line at y, or upwards along x.</summary>
    public void DrawText(string text, double x, double y, double size, Colour colour, Anchor anchor = Anchor.Start, bool upwards = false)
    {
        double shift = anchor switch
        {
            Anchor.Middle => -StrokeFont.Width(text, size) / 2,
            Anchor.End => -StrokeFont.Width(text, size),
            _ => 0,
        };
        foreach (List<(double X1, double Y1, double X2, double Y2)> glyph in StrokeFont.Strokes(text, size))
        {
            DrawSegments(
                [.. glyph.Select(s => upwards
                    ? (x - s.Y1, y - (s.X1 + shift), x - s.Y2, y - (s.X2 + shift))
                    : (x + s.X1 + shift, y - s.Y1, x + s.X2 + shift, y - s.Y2))],
                colour,
                Math.Max(1.05, size * TextWeight));
        }
    }

    static Clip Bounds((double X1, double Y1, double X2, double Y2) segment, double width, Clip area)
    {
        double reach = (width / 2) + 1;
        return new Clip(
            (int)Math.Max(area.Left, Math.Min(segment.X1, segment.X2) - reach),
            (int)Math.Max(area.Top, Math.Min(segment.Y1, segment.Y2) - reach),
            (int)Math.Min(area.Right, Math.Max(segment.X1, segment.X2) + reach),
            (int)Math.Min(area.Bottom, Math.Max(segment.Y1, segment.Y2) + reach));
    }

    void Cover(int x, int y, Colour colour, double coverage)
    {
        if (coverage <= 0 || x < 0 || y < 0 || x >= Width || y >= Height)
            return;
        int at = 3 * ((y * Width) + x);
        Set(x, y, new Colour(_pixels[at], _pixels[at + 1], _pixels[at + 2]).Mix(colour, Math.Min(1, coverage)));
    }

    static double Distance(double x, double y, double x1, double y1, double x2, double y2)
    {
        double dx = x2 - x1, dy = y2 - y1, length = (dx * dx) + (dy * dy);
        double along = length == 0 ? 0 : Math.Clamp((((x - x1) * dx) + ((y - y1) * dy)) / length, 0, 1);
        return Math.Sqrt(Square(x - x1 - (along * dx)) + Square(y - y1 - (along * dy)));
    }

    static double Square(double value) => value * value;

    static bool Contains(ReadOnlySpan<(double X, double Y)> corners, double x, double y)
    {
        int left = 0, right = 0;
        for (int i = 0; i < corners.Length; i++)
        {
            (double x1, double y1) = corners[i];
            (double x2, double y2) = corners[(i + 1) % corners.Length];
            double side = ((x2 - x1) * (y - y1)) - ((y2 - y1) * (x - x1));
            left += side > 0 ? 1 : 0;
            right += side < 0 ? 1 : 0;
        }
        return left == 0 || right == 0;
    }
}

/// <summary>A rectangle of pixels that drawing stays inside of.</summary>
readonly record struct Clip(int Left, int Top, int Right, int Bottom)
{
    public static Clip None { get; } = new(0, 0, int.MaxValue, int.MaxValue);

    public Clip Join(Clip other) => new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    public Clip Within(int width, int height) => new(Math.Max(0, Left), Math.Max(0, Top), Math.Min(width - 1, Right), Math.Min(height - 1, Bottom));
}
