using System.Numerics;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Pointing;

/// <summary>Shift and scale of a beam against a model.</summary>
/// <param name="Shift">Position of the target less that of the model, rad.</param>
/// <param name="AmplitudeRatio">Ratio of their transforms' amplitudes, weighted by the model's power.</param>
public readonly record struct BeamShift(SkyOffset Shift, double AmplitudeRatio);

/// <summary>
/// Beam position by the shift theorem: the phase slope of FFT(target)/FFT(model) over the spatial frequencies where the model's amplitude exceeds 25 % of
/// its peak; shift = -slope span / (2 pi). HOLOGRAPHY eq. 10(a). Only the few frequencies that can pass are transformed.
/// </summary>
public sealed class PhaseSlopeShift
{
    /// <summary>Fraction of the transform's peak above which a frequency counts.</summary>
    public const double AmplitudeLimit = 0.25;

    const int Reach = 8;
    const int Side = (2 * Reach) + 1;
    readonly OutputGrid _grid;
    readonly Complex[] _phases;

    /// <summary>Prepares transforms of planes on a grid.</summary>
    public PhaseSlopeShift(OutputGrid grid)
    {
        _grid = grid;
        _phases = new Complex[Side * grid.Pixels];
        for (var k = -Reach; k <= Reach; k++)
        {
            for (var x = 0; x < grid.Pixels; x++)
                _phases[((k + Reach) * grid.Pixels) + x] = Complex.FromPolarCoordinates(1, -2 * Math.PI * k * (x - (grid.Pixels / 2)) / grid.Pixels);
        }
    }

    /// <summary>Low spatial frequencies of a plane, [17][17], in the plane's unit times pixels.</summary>
    /// <param name="plane">[y][x]; must be finite.</param>
    public Complex[] Transform(ReadOnlySpan<float> plane)
    {
        var n = _grid.Pixels;
        var rows = new Complex[n * Side];
        for (var y = 0; y < n; y++)
        {
            for (var k = 0; k < Side; k++)
            {
                var sum = Complex.Zero;
                for (var x = 0; x < n; x++) sum += plane[(y * n) + x] * _phases[(k * n) + x];
                rows[(y * Side) + k] = sum;
            }
        }

        var transform = new Complex[Side * Side];
        for (var v = 0; v < Side; v++)
        {
            for (var u = 0; u < Side; u++)
            {
                for (var y = 0; y < n; y++) transform[(v * Side) + u] += rows[(y * Side) + u] * _phases[(v * n) + y];
            }
        }

        return transform;
    }

    /// <summary>Compares two transforms of this grid, each [17][17] from <see cref="Transform"/>; null where no slope can be fitted.</summary>
    public BeamShift? Compare(Complex[] target, Complex[] model)
    {
        var peak = model.Max(z => z.Magnitude);
        double uu = 0, uv = 0, vv = 0, up = 0, vp = 0, ratio = 0, power = 0;
        for (var k = 0; k < model.Length; k++)
        {
            var amplitude = model[k].Magnitude;
            if (!(amplitude > AmplitudeLimit * peak)) continue;
            var (u, v) = ((k % Side) - Reach, (k / Side) - Reach);
            var cross = target[k] * Complex.Conjugate(model[k]);
            var weight = amplitude * amplitude;
            (uu, uv, vv) = (uu + (weight * u * u), uv + (weight * u * v), vv + (weight * v * v));
            (up, vp) = (up + (weight * u * cross.Phase), vp + (weight * v * cross.Phase));
            (ratio, power) = (ratio + target[k].Magnitude * amplitude, power + weight);
        }

        var determinant = (uu * vv) - (uv * uv);
        if (!(determinant > 0) || !(power > 0)) return null;
        var span = _grid.Pixels * _grid.PixelSize / (2 * Math.PI);
        var shiftX = -((up * vv) - (vp * uv)) / determinant * span;
        var shiftY = -((vp * uu) - (up * uv)) / determinant * span;
        return new(new SkyOffset(-shiftX, shiftY), ratio / power);
    }
}
