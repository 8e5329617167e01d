using System.Buffers;
using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Means;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Regridding;

namespace Holoflow.Holography.Reduction;

/// <summary>
/// H7 and H8 for one beam: regrid, normalise, Stokes, quality, mean over antennas (HOLOGRAPHY eqs. 6 to 12). Two passes: positions and quality of every antenna and channel on a
/// coarse grid, then the mean of the good on the full grid. Planes are regridded 16 channels at a time and never stored whole: beyond the
/// voltages and the result, memory is A x K² x P floats of weights (330 MB at 36 antennas, 101², 225 points) and one block of Stokes.
/// </summary>
public static class BeamReduction
{
    /// <summary>Reduces one beam.</summary>
    /// <param name="voltages">Averaged and flagged voltages, [A][P, C, 4], Jy.</param>
    /// <param name="raster">Achieved raster, [A][P], rad; its dropped antennas take no part.</param>
    /// <param name="grid">Output grid about the beam's nominal position.</param>
    /// <param name="frequencies">[C], Hz.</param>
    /// <param name="reference">The reference antenna, which has no beam.</param>
    /// <param name="options">Mode, limits, threads.</param>
    /// <param name="progress">Told the fraction done, 0 to 1.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>The mean beam with its tables.</returns>
    /// <exception cref="RegriddingException">Inputs of different shapes, or fewer usable antennas than minAntennas.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BeamMean Run(
        BeamVoltages voltages, AchievedRaster raster, OutputGrid grid, double[] frequencies, int reference, ReductionOptions options,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (frequencies.Length != voltages.Channels)
            throw new RegriddingException($"{frequencies.Length} frequencies for voltages of {voltages.Channels} channels");
        var result = new BeamMean(grid, frequencies, voltages.Antennas);
        var dropped = raster.Dropped.Select(d => d.Antenna).Append(reference).ToHashSet();
        int[] antennas = [.. Enumerable.Range(0, voltages.Antennas).Where(a => !dropped.Contains(a) && voltages.FlaggedFraction(a) < 1)];
        if (antennas.Length < options.MinAntennas)
            throw new RegriddingException($"only {antennas.Length} antennas can be used; minAntennas is {options.MinAntennas}");
        foreach (var a in Enumerable.Range(0, voltages.Antennas).Except(antennas))
        {
            Array.Fill(result.Quality[a], new AntennaQuality
            {
                Peak = float.NaN,
                AmplitudeRatio = float.NaN,
                Shift = new(double.NaN, double.NaN),
                Flags = QualityFlags.NoData,
            });
        }

        var coarse = grid.Decimate(Math.Max(1, grid.Pixels / 50));
        var blocks = ChannelBlock.Count(voltages.Channels);
        QualityPass.Run(Regridder(voltages, raster, coarse, frequencies, antennas, options, onRaster: false), result, coarse, antennas, options, block =>
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(0.25 * block / blocks);
        });
        foreach (var a in antennas) QualityRules.Apply(result.Quality[a], frequencies, options.Limits);
        var regridder = Regridder(voltages, raster, grid, frequencies, antennas, options, onRaster: options.Mode == RegridMode.PowerSpline);
        MeanPass(regridder, voltages, raster, result, antennas, options, block =>
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(0.25 + (0.75 * block / blocks));
        });
        progress?.Report(1);
        return result;
    }

    static IVoltageRegridder Regridder(
        BeamVoltages voltages, AchievedRaster raster, OutputGrid grid, double[] frequencies, int[] antennas, ReductionOptions options, bool onRaster)
    {
        if (options.Mode == RegridMode.VoltageAperture)
            return new ApertureRegridder(voltages, raster, grid, frequencies, antennas, options.MaxMissingPoints, options.Aperture);
        SkyOffset[] targets = onRaster
            ? [.. Enumerable.Range(0, raster.Grid.Count).Select(p => raster.Grid[p])]
            : [.. Enumerable.Range(0, grid.Count).Select(k => new SkyOffset(grid.L(k % grid.Pixels), grid.M(k / grid.Pixels)))];
        return new RadialBasisRegridder(voltages, raster, targets, grid.Centre, antennas, options.MaxMissingPoints, options.Threads);
    }

    static void MeanPass(
        IVoltageRegridder regridder, BeamVoltages voltages, AchievedRaster raster, BeamMean result, int[] antennas, ReductionOptions options, Action<int> onBlock)
    {
        var size = regridder.Pixels * StokesBlocks.Width;
        var stokes = antennas.Select(_ => new float[size]).ToArray();
        var weights = antennas.Select(_ => new float[ChannelBlock.Lanes]).ToArray();
        var (mean, error, used) = (new float[size], new float[size], new int[ChannelBlock.Lanes]);
        var spline = options.Mode == RegridMode.PowerSpline ? new RasterSpline(raster.Grid, result.Grid) : null;
        for (var block = 0; block < ChannelBlock.Count(voltages.Channels); block++)
        {
            onBlock(block);
            var first = block * ChannelBlock.Lanes;
            Parallel.For(0, antennas.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, i =>
            {
                StokesOf(regridder, antennas[i], first, options.ReceptorAngle, stokes[i], out var scales);
                for (var lane = 0; lane < ChannelBlock.Lanes; lane++)
                {
                    var channel = first + lane;
                    var good = channel < voltages.Channels && scales[lane].X != 0 && result.Quality[antennas[i]][channel].Flags == QualityFlags.None;
                    weights[i][lane] = good ? Weight(voltages, antennas[i], channel, scales[lane], options.IntrinsicScatter) : 0;
                    if (channel < voltages.Channels) result.Scales[antennas[i]][channel] = new(scales[lane].X, scales[lane].Y);
                }
            });
            AntennaMean.Combine(stokes, weights, options.MinAntennas, mean, error, used, options.Threads);
            Parallel.For(0, Math.Min(ChannelBlock.Lanes, voltages.Channels - first), new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, lane =>
            {
                result.AntennasUsed[first + lane] = used[lane];
                Store(mean, lane, spline, stokesIndex => result.Mean.AsMemory(((stokesIndex * voltages.Channels) + first + lane) * result.Grid.Count, result.Grid.Count));
                Store(error, lane, spline, stokesIndex => result.StandardError.AsMemory(((stokesIndex * voltages.Channels) + first + lane) * result.Grid.Count, result.Grid.Count));
            });
        }
    }

    /// <summary>Regrids, normalises and forms Stokes for a block of one antenna; lanes that are not valid have zero scales.</summary>
    internal static void StokesOf(
        IVoltageRegridder regridder, int antenna, int firstChannel, double receptorAngle, float[] stokes, out (Complex X, Complex Y)[] scales)
    {
        var jones = ArrayPool<float>.Shared.Rent(regridder.Pixels * ChannelBlock.Width);
        scales = new (Complex, Complex)[ChannelBlock.Lanes];
        try
        {
            Span<float> centre = stackalloc float[ChannelBlock.Width];
            Span<bool> valid = stackalloc bool[ChannelBlock.Lanes];
            regridder.Regrid(antenna, firstChannel, jones, centre, valid);
            StokesBlocks.Normalise(centre, valid, scales);
            StokesBlocks.Form(jones, scales, receptorAngle, stokes);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(jones);
        }
    }

    static float Weight(BeamVoltages voltages, int antenna, int channel, (Complex X, Complex Y) scales, double intrinsic)
    {
        var (sum, count) = (0.0, 0);
        for (var p = 0; p < voltages.Points; p++)
        {
            var sample = voltages.Index(p, channel);
            if (voltages.Flags[antenna][sample]) continue;
            sum += 0.5 * (voltages.Weights[antenna][(4 * sample) + Product.XX] + voltages.Weights[antenna][(4 * sample) + Product.YY]);
            count++;
        }

        // A voltage's variance is 1/weight; its row's scale carries it to units of the beam centre, and I varies by twice that.
        var scale = 0.5 * ((scales.X * Complex.Conjugate(scales.X)).Real + (scales.Y * Complex.Conjugate(scales.Y)).Real);
        return sum > 0 ? (float)(1 / ((2 * scale * count / sum) + (intrinsic * intrinsic))) : 0;
    }

    static void Store(float[] block, int lane, RasterSpline? spline, Func<int, Memory<float>> target)
    {
        var pixels = block.Length / StokesBlocks.Width;
        var plane = new float[pixels];
        for (var s = 0; s < 4; s++)
        {
            var to = target(s).Span;
            for (var g = 0; g < pixels; g++) plane[g] = block[(g * StokesBlocks.Width) + (s * ChannelBlock.Lanes) + lane];
            if (spline is null) plane.CopyTo(to);
            else spline.Apply(plane, to);
        }
    }
}
