using System.Numerics;

namespace Holoflow.Demo;

/// <summary>A reflector with misplaced panels, seen by holography: a made-up one, so that the answer is known.</summary>
sealed class Dish
{
    /// <summary>Cells along the side of the grid; the dish fills half of it, so that its beam is sampled twice over.</summary>
    public const int Side = 64;

    const int PanelCells = 4;
    const double WavelengthMetres = 0.025;
    const double PanelRmsMetres = 0.0004;

    /// <param name="number">Which antenna: its panels are its own, and the same at every run.</param>
    public Dish(int number)
    {
        var random = new Random(number);
        var panels = Enumerable.Range(0, Side * Side / (PanelCells * PanelCells)).Select(_ => Normal(random) * PanelRmsMetres).ToArray();
        Surface = [.. Enumerable.Range(0, Side * Side).Select(i => IsReflector(i) ? panels[(Row(i) / PanelCells * (Side / PanelCells)) + (Column(i) / PanelCells)] : 0)];
    }

    /// <summary>How far each cell of the surface lies from where it should be, in metres.</summary>
    public IReadOnlyList<double> Surface { get; }

    /// <summary>True where the grid's cell is part of the dish.</summary>
    public static bool IsReflector(int cell)
    {
        var (y, x) = (Row(cell) - (Side / 2) + 0.5, Column(cell) - (Side / 2) + 0.5);
        return (x * x) + (y * y) <= Side * Side / 16.0;
    }

    /// <summary>The far-field beam. A displaced panel lengthens the path twice, towards it and away from it.</summary>
    public Complex[] Beam()
    {
        var grid = new Complex[Side * Side];
        for (var i = 0; i < grid.Length; i++)
            grid[i] = IsReflector(i) ? Complex.FromPolarCoordinates(1, 4 * Math.PI * Surface[i] / WavelengthMetres) : Complex.Zero;
        Fourier.Forward(grid, Side);
        return grid;
    }

    /// <summary>The surface that a measured beam tells of, in metres.</summary>
    public static double[] Recover(Complex[] beam)
    {
        var grid = (Complex[])beam.Clone();
        Fourier.Inverse(grid, Side);
        return [.. grid.Select((field, i) => IsReflector(i) ? field.Phase * WavelengthMetres / (4 * Math.PI) : 0)];
    }

    /// <summary>The root mean square over the dish, in metres.</summary>
    public static double Rms(IReadOnlyList<double> surface)
    {
        var cells = Enumerable.Range(0, surface.Count).Where(IsReflector).ToList();
        return Math.Sqrt(cells.Sum(i => surface[i] * surface[i]) / cells.Count);
    }

    /// <summary>A normal deviate of unit variance.</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static int Row(int cell) => cell / Side;

    static int Column(int cell) => cell % Side;
}
