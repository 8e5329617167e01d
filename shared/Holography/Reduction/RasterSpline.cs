using Holoflow.Holography.Raster;
using Holoflow.Holography.Regridding;

namespace Holoflow.Holography.Reduction;

/// <summary>From the raster's nominal grid to a beam's output grid by order-5 splines, the recentring of <c>power-spline</c>.</summary>
sealed class RasterSpline
{
    readonly SplineInterpolation _rows;
    readonly SplineInterpolation _columns;

    public RasterSpline(RasterGrid raster, OutputGrid grid)
    {
        double[] l = [.. Enumerable.Range(0, raster.Columns).Select(i => raster[i].L)];
        double[] m = [.. Enumerable.Range(0, raster.Rows).Select(j => raster[j * raster.Columns].M)];
        _columns = new(l, [.. Enumerable.Range(0, grid.Pixels).Select(grid.L)]);
        _rows = new(m, [.. Enumerable.Range(0, grid.Pixels).Select(grid.M)]);
    }

    /// <summary>Interpolates one plane, [rows][columns] of the raster, to [K][K].</summary>
    public void Apply(ReadOnlySpan<float> plane, Span<float> result) => SplineInterpolation.Apply(_rows, _columns, plane, result);
}
