using Holoflow.Holography.Flagging;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Reduction;
using Holoflow.Holography.Regridding;
using Holoflow.Holography.Spectra;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>
/// H5 to H8 and H10 of one beam, from file to file. Every stage takes up its file where that is whole and made of the same inputs, and writes it under its
/// name only when it is whole.
/// </summary>
static class BeamStages
{
    const double WarnFlagged = 0.5, RejectFlagged = 0.9;

    /// <summary>H5.</summary>
    public static BeamOutcome ExtractVoltages(BeamFile beam, ReductionPlan plan, RasterOutcome raster, Action<long, long> progress, CancellationToken cancellation)
    {
        var path = plan.Workspace.BeamFile("volt", beam.Beam);
        var key = StageKey.Of("volt", 1, beam.Fingerprint, raster.Key, plan.Reference, StageKey.OfFile(plan.Parameters.ReferenceXyPhase), StageKey.OfFile(plan.Parameters.SourceModel));
        if (!StageKey.IsCurrent(path, key))
        {
            var (achieved, integrationAt) = RasterFile.Read(raster.Path, plan.Manifest.Raster());
            var extraction = new VoltageExtraction(plan, achieved, integrationAt);
            var voltages = extraction.Run(beam.Path, progress, cancellation);
            VoltageFile.Write(path, key, voltages, extraction.Figures);
        }
        var figures = VoltageFile.ReadFigures(path);
        if (figures.NonFinite > 0)
            figures = figures.Warn($"beam {beam.Beam}: {figures.NonFinite} visibilities are not finite and count as flagged");
        return new BeamOutcome(beam.Beam, path, key, figures);
    }

    /// <summary>H6: looks for interference; a beam with too little left is out.</summary>
    public static BeamOutcome FlagInterference(BeamOutcome voltages, ReductionPlan plan, CancellationToken cancellation)
    {
        if (voltages.Rejection is not null)
            return voltages;
        var path = plan.Workspace.BeamFile("flags", voltages.Beam);
        var key = StageKey.Of("flags", 2, voltages.Key, plan.Reference);
        var current = StageKey.IsCurrent(path, key);
        var flagged = VoltageFile.Read(voltages.Path, current ? path : null);
        if (!current)
        {
            SumThreshold.Flag(flagged, new SumThresholdOptions(), plan.Threads, cancellation);
            VoltageFile.WriteFlags(path, key, flagged);
        }
        var fraction = FlaggedFraction.Of(flagged, plan.Reference);
        var outcome = voltages with { Key = key, Figures = voltages.Figures with { FlaggedAfter = fraction } };
        return fraction > RejectFlagged ? outcome.Reject($"{fraction:P0} of its data are flagged; at most {RejectFlagged:P0} may be")
            : fraction > WarnFlagged ? outcome with { Figures = outcome.Figures.Warn($"beam {voltages.Beam}: {fraction:P0} of its data are flagged") }
            : outcome;
    }

    /// <summary>H7 and H8 in one pass: planes on the output grid are streamed from one to the other and never stored.</summary>
    public static BeamOutcome ReduceToMean(BeamOutcome flags, ReductionPlan plan, RasterOutcome raster, Action<double> progress, CancellationToken cancellation)
    {
        if (flags.Rejection is not null)
            return flags;
        var path = plan.Workspace.BeamFile("mean", flags.Beam);
        var options = Options(plan);
        var key = StageKey.Of("mean", 1, flags.Key, options with { Threads = 0 }, plan.Grid(flags.Beam), plan.FrequenciesHz);
        if (StageKey.IsCurrent(path, key))
            return WithIdleAntennas(flags with { Path = path, Key = key }, plan);
        var (achieved, _) = RasterFile.Read(raster.Path, plan.Manifest.Raster());
        var voltages = VoltageFile.Read(flags.Path, plan.Workspace.BeamFile("flags", flags.Beam));
        try
        {
            var mean = BeamReduction.Run(
                voltages, achieved, plan.Grid(flags.Beam), plan.FrequenciesHz, plan.Reference, options, new SynchronousProgress(progress), cancellation);
            if (mean.AntennasUsed.All(used => used == 0))
                return flags.Reject($"no channel has the {options.MinAntennas} good antennas that minAntennas asks for");
            BeamMeanFile.Write(path, key, mean);
        }
        catch (RegriddingException e)
        {
            return flags.Reject(e.Message);
        }
        return WithIdleAntennas(flags with { Path = path, Key = key }, plan);
    }

    // Antennas that have data and no good channel: too many raster points missing, or a beam unlike the array's.
    static BeamOutcome WithIdleAntennas(BeamOutcome mean, ReductionPlan plan)
    {
        var quality = BeamMeanFile.ReadTables(mean.Path).Quality;
        var known = plan.DroppedTargets.Where(d => d.Beams.Contains(mean.Beam)).Select(d => d.Antenna).Append(plan.Reference).ToHashSet();
        string[] idle = [.. Enumerable.Range(0, quality.Length).Where(a => !known.Contains(a) && quality[a].All(q => q.Flags != QualityFlags.None)).Select(a => plan.AntennaNames[a])];
        return idle.Length == 0 ? mean : mean with { Figures = mean.Figures.Warn($"beam {mean.Beam}: {string.Join(", ", idle)} dropped: too many raster points are missing, or no channel is good") };
    }

    /// <summary>H10.</summary>
    public static BeamOutcome CleanSpectra(BeamOutcome mean, ReductionPlan plan, CancellationToken cancellation)
    {
        if (mean.Rejection is not null)
            return mean;
        var path = plan.Workspace.BeamFile("clean", mean.Beam);
        var p = plan.Parameters;
        var options = new RobustPolynomialOptions { MaxOrder = p.MaxOrder, OrderBy = Enum.Parse<OrderBy>(p.OrderBy, ignoreCase: true), SnrLimit = p.SnrLimit };
        var key = StageKey.Of("clean", 1, mean.Key, options, p.LeakageFloor);
        var (values, error, antennas) = BeamMeanFile.ReadPlanes(mean.Path);
        var figures = mean.Figures with { FilledChannels = antennas.Count(n => n == 0) };
        if (!StageKey.IsCurrent(path, key))
        {
            var cleaned = SpectralCleaner.Clean(values, plan.FrequenciesHz, [.. antennas.Select(n => n == 0)], options, p.LeakageFloor, plan.Threads, cancellation);
            figures = figures with { FailedSpectra = cleaned.FailedSpectra };
            CleanedBeamFile.Write(path, key, CleanedBeamFile.Planes(cleaned, error, antennas), plan.FrequenciesHz, p.OutputPixels);
        }
        if (figures.FilledChannels > 0)
            figures = figures.Warn($"beam {mean.Beam}: {figures.FilledChannels} of {antennas.Length} channels have no mean and hold the fit in frequency alone");
        return mean with { Path = path, Key = key, Figures = figures };
    }

    static ReductionOptions Options(ReductionPlan plan)
    {
        var p = plan.Parameters;
        return new ReductionOptions
        {
            Mode = p.Regrid switch { "voltage-aperture" => RegridMode.VoltageAperture, "power-spline" => RegridMode.PowerSpline, _ => RegridMode.VoltageRbf },
            ReceptorAngle = Angles.Radians(plan.Manifest.PolarizationAxisDegrees),
            MinAntennas = p.MinAntennas,
            MaxMissingPoints = p.MaxMissingPointsPercent / 100,
            Limits = new QualityLimits { PeakMax = p.AmpMax, RatioMin = p.ShiftAmpLimits[0], RatioMax = p.ShiftAmpLimits[1] },
            Threads = plan.Threads,
        };
    }

    // IProgress<T> of the library would report on other threads, after the task has ended.
    sealed class SynchronousProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}

/// <summary>What H4 hands on.</summary>
/// <param name="Path">raster.fits.</param>
/// <param name="Key">Its key.</param>
/// <param name="IsNominal">Whether positions are assumed.</param>
/// <param name="Dropped">Antennas that miss too many points.</param>
sealed record RasterOutcome(string Path, string Key, bool IsNominal, string[] Dropped);
