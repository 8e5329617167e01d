using Holoflow.Holography.Beams;
using Holoflow.Holography.Pictures;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>Pictures of the beams themselves.</summary>
static class BeamPictures
{
    const double FloorDecibels = -40;

    public static Figure Footprint(ReductionPlan plan, QualitySurvey survey, string title)
    {
        var half = Angles.Degrees(plan.Footprint().Extent) + 1.3;
        var panel = new Panel(new Axis("degrees East", half, -half), new Axis("degrees North", -half, half)) { HasEqualUnits = true, HasGrid = true };
        foreach (var beam in survey.Beams)
            panel.Add(new Contours(SkyGrid(beam), 0.5) { Colour = Colour.Series[beam.Beam % Colour.Series.Count] });
        panel.Add(new Labels(
            [.. survey.Beams.Select(beam => Angles.Degrees(beam.Grid.Centre.L))], [.. survey.Beams.Select(beam => Angles.Degrees(beam.Grid.Centre.M))], [.. survey.Beams.Select(beam => $"{beam.Beam}")]));
        return new Figure(title) { PanelWidth = 760, PanelHeight = 720 }.Add(panel);
    }

    public static Figure Cuts(QualitySurvey survey, string title)
    {
        var figure = new Figure(title, 2) { PanelWidth = 560, PanelHeight = 400 };
        foreach (var alongEast in new[] { true, false })
        {
            var half = survey.Beams.Count == 0 ? 1 : Angles.Degrees(survey.Beams[0].Grid.PixelSize) * (survey.Beams[0].Grid.Pixels / 2);
            var panel = new Panel(new Axis($"degrees {(alongEast ? "East" : "North")} of the beam", alongEast ? half : -half, alongEast ? -half : half), new Axis("Stokes I, dB", FloorDecibels, 2))
            {
                Title = alongEast ? "East-West" : "North-South",
                HasGrid = true,
            };
            foreach (var beam in survey.Beams)
            {
                var n = beam.Grid.Pixels;
                var places = Enumerable.Range(0, n).Select(k => (alongEast ? -1 : 1) * (k - (n / 2)) * Angles.Degrees(beam.Grid.PixelSize)).ToArray();
                var values = Enumerable.Range(0, n).Select(k => Decibels(beam.Intensity[alongEast ? (n / 2 * n) + k : (k * n) + (n / 2)])).ToArray();
                panel.Add(new Line(places, values) { Colour = Colour.Series[beam.Beam % Colour.Series.Count], LineWidth = 1.1, Name = survey.Beams.Count <= 8 ? $"beam {beam.Beam}" : "" });
            }
            figure.Add(panel);
        }
        return figure;
    }

    public static Figure Widths(ReductionPlan plan, QualitySurvey survey, string title)
    {
        var samples = survey.Beams.SelectMany(beam => beam.Widths).ToArray();
        var megahertz = samples.Select(s => s.FrequencyHz / 1e6).ToArray();
        double[] expected = [.. survey.SampledChannels.Select(c => Angles.Degrees(Sensitivity.ExpectedFwhm(plan.FrequenciesHz[c], plan.Manifest.DishDiameterMetres)))];
        var measured = samples.Where(s => s.Fwhm is not null).Select(s => Angles.Degrees(s.Fwhm!.Value));
        var width = new Panel(Axis.Around("MHz", megahertz), WithRoomForLegend("degrees", [.. measured, .. expected])) { Title = "Half-power width of I", HasGrid = true };
        var squint = new Panel(
            Axis.Around("MHz", megahertz), WithRoomForLegend("arcmin", [0, .. samples.Where(s => s.Squint is not null).Select(s => Angles.Arcmin(s.Squint!.Value.Radius))])) { Title = "Squint, X against Y", HasGrid = true };
        foreach (var beam in survey.Beams)
        {
            double[] x = [.. beam.Widths.Select(w => w.FrequencyHz / 1e6)];
            var colour = Colour.Series[beam.Beam % Colour.Series.Count];
            var name = survey.Beams.Count <= 8 ? $"beam {beam.Beam}" : "";
            width.Add(new Line(x, [.. beam.Widths.Select(w => w.Fwhm is { } f ? Angles.Degrees(f) : double.NaN)]) { Colour = colour, Name = name });
            squint.Add(new Line(x, [.. beam.Widths.Select(w => w.Squint is { } s ? Angles.Arcmin(s.Radius) : double.NaN)]) { Colour = colour, Name = name });
        }
        width.Add(new Line([.. survey.SampledChannels.Select(c => plan.FrequenciesHz[c] / 1e6)], expected) { Colour = Colour.Ink, IsDashed = true, Name = "1.09 λ/D" });
        return new Figure(title, 2) { PanelWidth = 560, PanelHeight = 400 }.Add(width).Add(squint);
    }

    public static Figure MeanAndError(QualitySurvey survey, string title)
    {
        var figure = new Figure(title, Math.Min(4, Math.Max(2, survey.Beams.Count))) { PanelWidth = 400, PanelHeight = 320 };
        foreach (var beam in survey.Beams)
        {
            var n = beam.Grid.Pixels;
            var places = Enumerable.Range(0, n).Select(k => -(k - (n / 2)) * Angles.Degrees(beam.Grid.PixelSize)).ToArray();
            var row = Enumerable.Range(n / 2 * n, n).ToArray();
            double[] mean = [.. row.Select(k => (double)beam.Mean[k])], error = [.. row.Select(k => 10.0 * beam.StandardError[k])];
            figure.Add(new Panel(new Axis("degrees East of the beam", places[0], places[^1]), new Axis("Stokes I, centre = 1", -0.1, 1.45)) { Title = $"beam {beam.Beam}", HasGrid = true }
                .Add(new Line(places, [.. mean.Zip(error, (m, e) => m + e)]) { Colour = Colour.Series[1], LineWidth = 1, Name = "± 10 standard errors" })
                .Add(new Line(places, [.. mean.Zip(error, (m, e) => m - e)]) { Colour = Colour.Series[1], LineWidth = 1 })
                .Add(new Line(places, mean) { Name = "mean" }));
        }
        return figure;
    }

    static Axis WithRoomForLegend(string label, double[] values) => Axis.Around(label, [.. values, values.Max() + (0.45 * (values.Max() - values.Min()))]);

    static Grid SkyGrid(BeamSurvey beam) => new(
        beam.Intensity, beam.Grid.Pixels, beam.Grid.Pixels, Angles.Degrees(beam.Grid.L(0)), -Angles.Degrees(beam.Grid.PixelSize), Angles.Degrees(beam.Grid.M(0)), Angles.Degrees(beam.Grid.PixelSize));

    static double Decibels(float power) => power > 1e-6 ? Math.Max(10 * Math.Log10(power), FloorDecibels) : FloorDecibels;
}
