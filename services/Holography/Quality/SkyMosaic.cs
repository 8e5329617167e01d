using Holoflow.Holography.Beams;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Pictures;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Products;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>All beams of one channel on one sky: I (the best beam's), fractional Q, U, V weighted by I², and sqrt(sum I²), the sensitivity.</summary>
/// <param name="Planes">I, Q, U, V; NaN where no beam reaches.</param>
/// <param name="Footprint">sqrt(sum I²).</param>
sealed record SkyMosaic(Grid[] Planes, Grid Footprint)
{
    const int Side = 121;
    const float Reach = 0.1f;

    /// <summary>Combines the beams of a channel; holds four planes of one beam at a time.</summary>
    public static SkyMosaic Of(ReductionPlan plan, MergedBeams merged, int channel)
    {
        var half = SkyHalfWidth(plan);
        var step = 2 * half / (Side - 1);
        var intensity = new float[Side * Side];
        var sums = Enumerable.Range(0, 4).Select(_ => new float[Side * Side]).ToArray();
        foreach (var slot in merged.Present)
        {
            var grid = plan.Grid(slot.Beam);
            using var file = FitsReader.Open(slot.Cleaned!);
            var reader = new PlaneReader(file.Units[0], grid.Count, plan.FrequenciesHz.Length);
            var planes = Enumerable.Range(0, 4).Select(stokes => reader.Read(stokes, channel)).ToArray();
            for (var k = 0; k < intensity.Length; k++)
                Add(planes, grid, new SkyOffset(half - (k % Side * step), (k / Side * step) - half), k, intensity, sums);
        }
        var fractions = Enumerable.Range(1, 3).Select(s => sums[s].Select((sum, k) => sums[0][k] > Reach * Reach ? sum / sums[0][k] : float.NaN).ToArray());
        Grid ToGrid(float[] values) => new(values, Side, Side, Angles.Degrees(half), -Angles.Degrees(step), -Angles.Degrees(half), Angles.Degrees(step));
        return new([ToGrid(intensity), .. fractions.Select(ToGrid)], ToGrid([.. sums[0].Select(MathF.Sqrt)]));
    }

    // As far as the outermost beams fall to a tenth, or their grids reach.
    static double SkyHalfWidth(ReductionPlan plan) => plan.Footprint().Extent
        + Math.Min(0.5 * plan.Grid(0).Pixels * plan.Grid(0).PixelSize, Sensitivity.ExpectedFwhm(plan.FrequenciesHz[0], plan.Manifest.DishDiameterMetres));

    static void Add(float[][] planes, OutputGrid grid, SkyOffset sky, int k, float[] intensity, float[][] sums)
    {
        var x = ((grid.Centre.L - sky.L) / grid.PixelSize) + (grid.Pixels / 2);
        var y = ((sky.M - grid.Centre.M) / grid.PixelSize) + (grid.Pixels / 2);
        if (!(x >= 0 && y >= 0 && x < grid.Pixels - 1 && y < grid.Pixels - 1))
            return;
        var i = Bilinear(planes[0], grid.Pixels, x, y);
        if (!(i > Reach))
            return;
        intensity[k] = Math.Max(intensity[k], i);
        sums[0][k] += i * i;
        for (var s = 1; s < 4; s++)
            sums[s][k] += i * i * Bilinear(planes[s], grid.Pixels, x, y);
    }

    static float Bilinear(float[] plane, int side, double x, double y)
    {
        var (column, row) = ((int)x, (int)y);
        var (fx, fy) = ((float)(x - column), (float)(y - row));
        var at = (row * side) + column;
        return float.Lerp(float.Lerp(plane[at], plane[at + 1], fx), float.Lerp(plane[at + side], plane[at + side + 1], fx), fy);
    }
}
