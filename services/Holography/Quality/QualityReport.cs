using System.Globalization;
using System.Text;
using Holoflow.Holography.Beams;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Products;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>One number and what it means.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The number; null where it could not be measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="WarnAbove">Above this it is a warning.</param>
/// <param name="FailAbove">Above this it is a failure; null where it never is.</param>
/// <param name="Status">pass, warn or fail.</param>
sealed record QualityCheck(string Name, double? Value, string Unit, double WarnAbove, double? FailAbove, string Status)
{
    public static QualityCheck Of(string name, double? value, string unit, double warn, double? fail) =>
        new(name, value is { } v ? Math.Round(v, 6) : null, unit, warn, fail, value is null ? "warn" : value > fail ? "fail" : value > warn ? "warn" : "pass");
}

/// <summary>What the quality task hands on.</summary>
/// <param name="Status">pass, warn or fail.</param>
/// <param name="Files">qa.json and the pictures.</param>
sealed record QualityOutcome(string Status, string[] Files);

/// <summary>A missing beam in qa.json.</summary>
sealed record AbsentBeam(int Beam, string Reason);

/// <summary>Counts of a beam in qa.json.</summary>
sealed record BeamCounts(int Beam, BeamFigures Figures);

/// <summary>qa.json: the numbers of a run with pass, warn or fail, what is missing and what was assumed. HOLOGRAPHY section 9.5.</summary>
sealed record QualityReport
{
    public required long SchedulingBlockId { get; init; }

    public required string Status { get; init; }

    public required bool IsComplete { get; init; }

    public required QualityCheck[] Checks { get; init; }

    public required AbsentBeam[] MissingBeams { get; init; }

    public required string[] DroppedAntennas { get; init; }

    public required string[] Warnings { get; init; }

    public required BeamCounts[] Beams { get; init; }

    public static QualityReport Of(ReductionPlan plan, MergedBeams merged, RasterOutcome raster, QualitySurvey survey)
    {
        var checks = Measure(plan, merged, survey).ToArray();
        return new QualityReport
        {
            SchedulingBlockId = plan.Manifest.SchedulingBlockId,
            Status = checks.Any(check => check.Status == "fail") ? "fail" : checks.Any(check => check.Status == "warn") ? "warn" : "pass",
            IsComplete = merged.IsComplete,
            Checks = checks,
            MissingBeams = [.. merged.Absent.Select(slot => new AbsentBeam(slot.Beam, slot.Reason!))],
            DroppedAntennas = [.. plan.DroppedTargets.Select(d => $"{d.Name}: {d.Reason} (beams {string.Join(", ", d.Beams)})"), .. raster.Dropped],
            Warnings = [.. plan.Warnings, .. merged.Slots.SelectMany(slot => slot.Figures?.Warnings ?? [])],
            Beams = [.. merged.Slots.Where(slot => slot.Figures is not null).Select(slot => new BeamCounts(slot.Beam, slot.Figures!))],
        };
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder($"**{Status}**: {Checks.Count(check => check.Status == "pass")} of {Checks.Length} checks pass.\n");
        foreach (var beam in MissingBeams)
            text.Append(CultureInfo.InvariantCulture, $"- beam {beam.Beam} is missing: {beam.Reason}\n");
        foreach (var dropped in DroppedAntennas)
            text.Append(CultureInfo.InvariantCulture, $"- dropped: {dropped}\n");
        foreach (var warning in Warnings)
            text.Append(CultureInfo.InvariantCulture, $"- {warning}\n");
        return text.ToString();
    }

    static IEnumerable<QualityCheck> Measure(ReductionPlan plan, MergedBeams merged, QualitySurvey survey)
    {
        var beams = survey.Beams;
        var channels = plan.FrequenciesHz.Length;
        yield return QualityCheck.Of("missing beams", merged.Absent.Count(), "beams", 0, null);
        yield return QualityCheck.Of("flagged data, worst beam", merged.Present.Max(slot => slot.Figures!.FlaggedAfter), "fraction", 0.5, 0.9);
        yield return QualityCheck.Of("channels filled by the fit, worst beam", beams.Max(beam => beam.AntennasUsed.Count(n => n == 0)) / (double)channels, "fraction", 0.1, 0.5);
        yield return QualityCheck.Of("I at the centre less 1, worst beam", beams.Max(beam => Math.Abs(beam.Intensity[beam.Grid.CentreIndex] - 1.0)), "", 1e-4, 0.02);
        yield return QualityCheck.Of("standard error of I at half power, worst beam", beams.Max(HalfPowerError), "", 0.01, 0.05);
        yield return QualityCheck.Of("half-power width against 1.09 lambda/D, worst", Worst(beams.SelectMany(beam => beam.Widths), width => width.Fwhm is { } fwhm
            ? Math.Abs((fwhm / Sensitivity.ExpectedFwhm(width.FrequencyHz, plan.Manifest.DishDiameterMetres)) - 1) : null), "fraction", 0.15, 0.4);
        yield return QualityCheck.Of("squint of X against Y, worst", Worst(beams.SelectMany(beam => beam.Widths), width => width.Squint is { } squint ? Angles.Arcmin(squint.Radius) : null), "arcmin", 3, 10);
        yield return QualityCheck.Of("mean beam off its nominal position, worst", Worst(beams, beam => beam.MeanShift is { } shift ? Angles.Arcmin(shift.Radius) : null), "arcmin", 6, 20);
        yield return QualityCheck.Of("antenna pointing off the array's, rms", PointingRms(plan, merged), "arcmin", 3, 10);
        for (var stokes = 1; stokes < 4; stokes++)
            yield return QualityCheck.Of($"{"IQUV"[stokes]} leakage where I > 0.5, worst", beams.Max(beam => beam.LargestLeakage[stokes - 1]), "fraction of I", 0.1, 0.5);
    }

    static double HalfPowerError(BeamSurvey beam)
    {
        double[] errors = [.. beam.Mean.Select((value, k) => (value, error: beam.StandardError[k])).Where(x => Math.Abs(x.value - 0.5) < 0.1).Select(x => (double)x.error).Where(double.IsFinite).Order()];
        return errors.Length == 0 ? 0 : errors[errors.Length / 2];
    }

    static double? PointingRms(ReductionPlan plan, MergedBeams merged)
    {
        double[] squares = [.. PointingReport.Measure(plan, merged).Where(line => line is { Beam: < 0, EastArcmin: not null })
            .Select(line => (line.EastArcmin!.Value * line.EastArcmin.Value) + (line.NorthArcmin!.Value * line.NorthArcmin.Value))];
        return squares.Length == 0 ? null : Math.Sqrt(squares.Average());
    }

    static double? Worst<T>(IEnumerable<T> items, Func<T, double?> measure) => items.Select(measure).Max();
}
