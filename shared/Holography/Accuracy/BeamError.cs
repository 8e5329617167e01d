using Holoflow.Holography.Beams;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Accuracy;

/// <summary>Differences of a recovered beam from the truth, in units of the beam's centre, over the pixels that HOLOGRAPHY section 11 names.</summary>
/// <param name="Rms">Of I where the truth exceeds 0.1.</param>
/// <param name="Max">Largest, likewise.</param>
/// <param name="Leakage">Rms of Q/I, U/I and V/I where the true I exceeds 0.5.</param>
/// <param name="Fwhm">Relative error of the half-power width.</param>
/// <param name="CircularCorrelation">Correlation of V/I with the truth where the true I exceeds 0.5: +1 for the right sign.</param>
public readonly record struct BeamError(double Rms, double Max, double Leakage, double Fwhm, double CircularCorrelation)
{
    /// <summary>Compares planes of one channel.</summary>
    /// <param name="planes">Recovered I and fractional Q, U, V, [4][K, K].</param>
    /// <param name="truth">True I, Q, U, V in units of the centre, [4][K, K].</param>
    /// <param name="grid">Their grid.</param>
    public static BeamError Between(float[][] planes, float[][] truth, OutputGrid grid)
    {
        double square = 0, largest = 0, leakage = 0, vv = 0, tt = 0, vt = 0;
        int main = 0, half = 0;
        for (var k = 0; k < grid.Count; k++)
        {
            double i = truth[0][k];
            if (!(i > 0.1)) continue;
            var difference = planes[0][k] - i;
            (square, largest, main) = (square + (difference * difference), Math.Max(largest, Math.Abs(difference)), main + 1);
            if (!(i > 0.5)) continue;
            half++;
            for (var s = 1; s < 4; s++)
            {
                var error = planes[s][k] - (truth[s][k] / i);
                leakage += error * error;
            }

            var (v, t) = (planes[3][k], truth[3][k] / i);
            (vv, tt, vt) = (vv + (v * v), tt + (t * t), vt + (v * t));
        }

        var expected = BeamShape.Measure(truth[0], grid)?.Fwhm ?? double.NaN;
        var measured = BeamShape.Measure(planes[0], grid)?.Fwhm ?? double.NaN;
        return new(
            Math.Sqrt(square / main), largest, Math.Sqrt(leakage / (3 * half)), Math.Abs((measured / expected) - 1), vt / Math.Sqrt(vv * tt));
    }
}
