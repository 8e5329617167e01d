using Holoflow.Holography.Pointing;
using Holoflow.Holography.Reduction;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Spectra;

namespace Holoflow.Holography.Accuracy;

/// <summary>
/// Simulates an inner and an outer beam of closepack36, takes them through the whole reduction in memory and sets what comes out beside the goals of
/// HOLOGRAPHY section 11. The truth is the average of the target antennas' own beams, pointing errors included.
/// </summary>
public static class AccuracyRun
{
    const double Arcmin = 180 * 60 / Math.PI;

    /// <summary>Runs the experiment.</summary>
    /// <param name="options">Size and truth.</param>
    /// <returns>The figures beside their goals.</returns>
    public static AccuracyReport Run(AccuracyOptions options)
    {
        var simulator = new ObservationSimulator(Observation(options));
        var footprint = simulator.Options.Footprint;
        var inner = Enumerable.Range(0, footprint.Offsets.Length).MinBy(b => footprint.Offsets[b].Radius);
        var outer = Enumerable.Range(0, footprint.Offsets.Length).MaxBy(b => footprint.Offsets[b].Radius);
        var figures = new List<AccuracyFigure>();
        AddBeam(figures, simulator, inner, "inner beam", 0.002, 0.006, options);
        AddBeam(figures, simulator, outer, "outer beam", 0.003, 0.01, options);
        return new(figures);
    }

    static SimulationOptions Observation(AccuracyOptions options) => new()
    {
        Antennas = options.TargetAntennas + 1,
        Reference = (options.TargetAntennas + 1) / 2,
        Frequencies = [.. Enumerable.Range(0, options.Channels).Select(c => options.FirstFrequency + (c * 1e6))],
        Flux = options.Flux,
        Beams = options.Beams,
        Seed = options.Seed,
        Interference = options.Interference,
    };

    static void AddBeam(
        List<AccuracyFigure> figures, ObservationSimulator simulator, int beam, string name, double rmsGoal, double maxGoal, AccuracyOptions options)
    {
        var experiment = new BeamExperiment(simulator, beam, options.OutputPixels, options.Reduction.Threads);
        var mean = experiment.Reduce(options.Reduction);
        var cleaned = SpectralCleaner.Clean(
            mean.Mean, mean.Frequencies, mean.FlaggedChannels(), new RobustPolynomialOptions(), 0.01, options.Reduction.Threads);
        int[] sampled = [.. new[] { 0, (options.Channels / 2) + 1, options.Channels - 1 }.Where(c => mean.AntennasUsed[c] > 0)];
        var angle = options.Reduction.ReceptorAngle;
        var raw = sampled.Select(c => experiment.CompareMean(mean, c, angle)).ToArray();
        var fitted = sampled.Select(c => experiment.CompareCleaned(cleaned, c, angle)).ToArray();
        figures.Add(new($"{name}: I rms where I > 0.1, one channel", raw.Max(e => e.Rms), rmsGoal));
        figures.Add(new($"{name}: I max where I > 0.1, one channel", raw.Max(e => e.Max), maxGoal));
        figures.Add(new($"{name}: I rms after the spectral fit", fitted.Max(e => e.Rms), rmsGoal));
        figures.Add(new($"{name}: I max after the spectral fit", fitted.Max(e => e.Max), maxGoal));
        figures.Add(new($"{name}: leakage rms where I > 0.5, after the fit", fitted.Max(e => e.Leakage), 0.001));
        figures.Add(new($"{name}: FWHM, relative", fitted.Max(e => e.Fwhm), 0.005));
        figures.Add(new($"{name}: V sign, correlation with the truth", fitted.Min(e => e.CircularCorrelation), 0.9, HigherIsBetter: true));
        var errors = PointingErrors(simulator, mean);
        figures.Add(new($"{name}: pointing rms over antennas, 16 channels, arcmin", errors.Rms, 0.1));
        figures.Add(new($"{name}: pointing, worst antenna, 16 channels, arcmin", errors.Max, 0.1));
        var top = sampled[^1];
        var spline = experiment.Reduce(options.Reduction with { Mode = RegridMode.PowerSpline });
        var reference = experiment.CompareMean(spline, top, angle).Rms;
        figures.Add(new($"{name}: power-spline error over this mode's, top of band", reference / experiment.CompareMean(mean, top, angle).Rms, 2, HigherIsBetter: true));
    }

    static (double Rms, double Max) PointingErrors(ObservationSimulator simulator, BeamMean mean)
    {
        var channels = Math.Min(16, mean.Frequencies.Length);
        var start = (mean.Frequencies.Length - channels) / 2;
        var table = PointingTable.Combine([[.. mean.Quality.Select(q => q.AsSpan(start, channels).ToArray())]]);
        int[] measured = [.. table.Where(t => t.Count > 0).Select(t => t.Antenna)];
        var middle = (1.0 / measured.Length) * measured.Select(a => simulator.PointingErrors[a]).Aggregate((a, b) => a + b);
        double[] errors = [.. measured.Select(a => (table[a].Offset - (simulator.PointingErrors[a] - middle)).Radius * Arcmin)];
        return (Math.Sqrt(errors.Average(e => e * e)), errors.Max());
    }
}
