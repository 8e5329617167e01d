using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Beams;

/// <summary>Size and shape of a beam's half-power contour.</summary>
/// <param name="Fwhm">2 sqrt(A/pi) of the area within the contour, rad.</param>
/// <param name="Major">Full axis of the ellipse with the region's second moments, rad.</param>
/// <param name="Minor">As <paramref name="Major"/>.</param>
/// <param name="PositionAngle">Of the major axis, North through East, rad in (-pi/2, pi/2].</param>
/// <param name="Centroid">Of the region, rad.</param>
public readonly record struct BeamShape(double Fwhm, double Major, double Minor, double PositionAngle, SkyOffset Centroid)
{
    const int Subdivisions = 8;

    /// <summary>
    /// Measures the region around the middle of the grid where a plane exceeds <paramref name="level"/>. HOLOGRAPHY eq. 17: expect about 1.09 lambda/D
    /// (Baars et al. 2007).
    /// </summary>
    /// <param name="plane">[y][x], normalised to 1 at its peak.</param>
    /// <param name="grid">Its grid.</param>
    /// <param name="level">Fraction of the peak: 0.5 for half power.</param>
    /// <returns>The shape, or null where the region is empty or reaches the grid's edge.</returns>
    /// <exception cref="ArgumentException">A plane of another size.</exception>
    public static BeamShape? Measure(ReadOnlySpan<float> plane, OutputGrid grid, double level = 0.5)
    {
        if (plane.Length != grid.Count) throw new ArgumentException($"the plane has {plane.Length} pixels, the grid {grid.Count}", nameof(plane));
        var inside = Connected(plane, grid, level);
        if (inside is null) return null;
        double area = 0, sl = 0, sm = 0, sll = 0, slm = 0, smm = 0;
        var n = grid.Pixels;
        for (var y = 0; y < n - 1; y++)
        {
            for (var x = 0; x < n - 1; x++)
            {
                var at = (y * n) + x;
                if (!(inside[at] || inside[at + 1] || inside[at + n] || inside[at + n + 1])) continue;
                double p00 = plane[at], p10 = plane[at + 1], p01 = plane[at + n], p11 = plane[at + n + 1];
                for (var v = 0; v < Subdivisions; v++)
                {
                    var fy = (v + 0.5) / Subdivisions;
                    var (left, right) = (double.Lerp(p00, p01, fy), double.Lerp(p10, p11, fy));
                    for (var u = 0; u < Subdivisions; u++)
                    {
                        var fx = (u + 0.5) / Subdivisions;
                        var share = Share(double.Lerp(left, right, fx) - level, (right - left) / Subdivisions, (double.Lerp(p01, p11, fx) - double.Lerp(p00, p10, fx)) / Subdivisions);
                        if (share == 0) continue;
                        var (l, m) = (-(x + fx - (n / 2)), y + fy - (n / 2));
                        (area, sl, sm) = (area + share, sl + (share * l), sm + (share * m));
                        (sll, slm, smm) = (sll + (share * l * l), slm + (share * l * m), smm + (share * m * m));
                    }
                }
            }
        }

        return area > 0 ? FromMoments(grid, area, sl / area, sm / area, sll / area, slm / area, smm / area) : null;
    }

    static BeamShape FromMoments(OutputGrid grid, double area, double l, double m, double ll, double lm, double mm)
    {
        var size = grid.PixelSize;
        var (varL, cov, varM) = (ll - (l * l), lm - (l * m), mm - (m * m));
        var middle = (varL + varM) / 2;
        var spread = Math.Sqrt((((varL - varM) / 2) * ((varL - varM) / 2)) + (cov * cov));
        var angle = 0.5 * Math.Atan2(2 * cov, varM - varL);
        // A uniform ellipse of semi-axis a has second moment a²/4 along it.
        return new(
            2 * Math.Sqrt(area / (Subdivisions * Subdivisions) / Math.PI) * size,
            4 * Math.Sqrt(middle + spread) * size,
            4 * Math.Sqrt(Math.Max(middle - spread, 0)) * size,
            angle,
            grid.Centre + new SkyOffset(l * size, m * size));
    }

    static double Share(double above, double slopeX, double slopeY)
    {
        // The part of a subcell above the level, from its mean and its gradient: linear across the contour instead of all or nothing.
        var reach = 0.5 * (Math.Abs(slopeX) + Math.Abs(slopeY));
        return above >= reach ? 1 : above <= -reach ? 0 : 0.5 + (0.5 * above / reach);
    }

    static bool[]? Connected(ReadOnlySpan<float> plane, OutputGrid grid, double level)
    {
        var n = grid.Pixels;
        var inside = new bool[plane.Length];
        if (!(plane[grid.CentreIndex] > level)) return null;
        var open = new Stack<int>();
        open.Push(grid.CentreIndex);
        inside[grid.CentreIndex] = true;
        while (open.TryPop(out var at))
        {
            var (x, y) = (at % n, at / n);
            if (x == 0 || y == 0 || x == n - 1 || y == n - 1) return null;
            foreach (var next in (ReadOnlySpan<int>)[at - 1, at + 1, at - n, at + n])
            {
                if (inside[next] || !(plane[next] > level)) continue;
                inside[next] = true;
                open.Push(next);
            }
        }

        return inside;
    }
}
