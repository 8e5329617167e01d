namespace Holoflow.Holography.Pictures;

/// <summary>A picture of panels in a grid, filled row by row, with a title above.</summary>
public sealed class Figure(string title, int columns = 1)
{
    readonly List<Panel> _panels = [];

    /// <summary>Pixels a panel takes with its labels.</summary>
    public int PanelWidth { get; init; } = 420;

    /// <summary>Pixels a panel takes with its labels.</summary>
    public int PanelHeight { get; init; } = 360;

    /// <summary>Height of capitals in pixels.</summary>
    public double TextSize { get; init; } = 9;

    /// <summary>Puts a panel on the next place of the grid, row by row.</summary>
    public Figure Add(Panel panel)
    {
        _panels.Add(panel);
        return this;
    }

    /// <summary>Writes the picture as a PNG file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        using FileStream file = File.Create(path);
        SavePng(file);
    }

    /// <summary>Writes the picture as PNG.</summary>
    public void SavePng(Stream stream)
    {
        Canvas canvas = Draw();
        PngEncoder.Write(stream, canvas.Width, canvas.Height, canvas.Pixels);
    }

    internal Canvas Draw()
    {
        int perRow = Math.Clamp(columns, 1, Math.Max(1, _panels.Count)), rows = Math.Max(1, (_panels.Count + perRow - 1) / perRow);
        int head = title.Length > 0 ? (int)(4 * TextSize) : (int)TextSize;
        double titleSize = 1.45 * TextSize;
        int width = Math.Max(perRow * PanelWidth, (int)StrokeFont.Width(title, titleSize) + (int)(4 * TextSize));
        var canvas = new Canvas(width, (rows * PanelHeight) + head);
        canvas.DrawText(title, width / 2.0, 2.6 * TextSize, titleSize, Colour.Ink, Anchor.Middle);
        for (int i = 0; i < _panels.Count; i++)
            _panels[i].Draw(canvas, i % perRow * PanelWidth, head + (i / perRow * PanelHeight), PanelWidth, PanelHeight, TextSize);
        return canvas;
    }
}
