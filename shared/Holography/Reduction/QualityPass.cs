using Holoflow.Holography.Means;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Regridding;

namespace Holoflow.Holography.Reduction;

/// <summary>Measures every antenna's beam in every channel on a coarse grid: peak, position, amplitude against the array. HOLOGRAPHY eqs. 10 and 11.</summary>
static class QualityPass
{
    const double GaussianThreshold = 0.3;
    const double RatioThreshold = 0.25;

    public static void Run(
        IVoltageRegridder regridder, BeamMean result, OutputGrid grid, int[] antennas, ReductionOptions options, Action<int> onBlock)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads };
        var stokes = antennas.Select(_ => new float[grid.Count * StokesBlocks.Width]).ToArray();
        var valid = antennas.Select(_ => new bool[ChannelBlock.Lanes]).ToArray();
        var slope = options.Pointing == PointingMethod.PhaseSlope ? new PhaseSlopeShift(grid) : null;
        for (var block = 0; block < ChannelBlock.Count(result.Frequencies.Length); block++)
        {
            onBlock(block);
            var first = block * ChannelBlock.Lanes;
            Parallel.For(0, antennas.Length, parallel, i =>
            {
                BeamReduction.StokesOf(regridder, antennas[i], first, options.ReceptorAngle, stokes[i], out var scales);
                for (var lane = 0; lane < ChannelBlock.Lanes; lane++) valid[i][lane] = scales[lane].X != 0;
            });
            Parallel.For(0, Math.Min(ChannelBlock.Lanes, result.Frequencies.Length - first), parallel, lane =>
                MeasureLane(stokes, valid, lane, grid, slope, (i, quality) => result.Quality[antennas[i]][first + lane] = quality));
        }
    }

    static void MeasureLane(float[][] stokes, bool[][] valid, int lane, OutputGrid grid, PhaseSlopeShift? slope, Action<int, AntennaQuality> report)
    {
        var model = MedianPlane(stokes, valid, lane, grid.Count);
        var transform = slope?.Transform(model);
        var plane = new float[grid.Count];
        for (var i = 0; i < stokes.Length; i++)
        {
            if (!valid[i][lane])
            {
                report(i, new() { Flags = QualityFlags.NoData, Peak = float.NaN, AmplitudeRatio = float.NaN, Shift = new(double.NaN, double.NaN) });
                continue;
            }

            for (var g = 0; g < plane.Length; g++) plane[g] = stokes[i][(g * StokesBlocks.Width) + lane];
            var shift = slope is null
                ? GaussianBeamFit.Fit(plane, grid, GaussianThreshold)?.Centre - grid.Centre
                : slope.Compare(slope.Transform(plane), transform!)?.Shift;
            report(i, new() { Peak = Peak(plane), AmplitudeRatio = Ratio(plane, model), Shift = shift ?? new(double.NaN, double.NaN) });
        }
    }

    static float[] MedianPlane(float[][] stokes, bool[][] valid, int lane, int pixels)
    {
        var model = new float[pixels];
        int[] good = [.. Enumerable.Range(0, stokes.Length).Where(i => valid[i][lane])];
        if (good.Length == 0) return model;
        Span<double> values = stackalloc double[good.Length];
        for (var g = 0; g < pixels; g++)
        {
            for (var k = 0; k < good.Length; k++) values[k] = stokes[good[k]][(g * StokesBlocks.Width) + lane];
            model[g] = (float)RobustScale.Median(values);
        }

        return model;
    }

    static float Peak(ReadOnlySpan<float> plane)
    {
        var peak = float.NegativeInfinity;
        foreach (var value in plane)
        {
            if (!float.IsFinite(value)) return float.NaN;
            peak = Math.Max(peak, value);
        }

        return peak;
    }

    static float Ratio(ReadOnlySpan<float> plane, ReadOnlySpan<float> model)
    {
        double product = 0, square = 0;
        for (var g = 0; g < plane.Length; g++)
        {
            if (!(model[g] > RatioThreshold)) continue;
            (product, square) = (product + ((double)plane[g] * model[g]), square + ((double)model[g] * model[g]));
        }

        return square > 0 ? (float)(product / square) : float.NaN;
    }
}
