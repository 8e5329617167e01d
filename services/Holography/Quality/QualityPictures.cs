using Holoflow.Holography.Pictures;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Products;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>A picture that was drawn.</summary>
sealed record QualityPicture(string Name, string Title, string Path);

/// <summary>H14: the pictures that an astronomer looks at before products are used. HOLOGRAPHY section 9.5.</summary>
static class QualityPictures
{
    public static QualityPicture[] Draw(
        ReductionPlan plan, MergedBeams merged, QualitySurvey survey, Func<string, string> pathOf, Action<long, long> progress, CancellationToken cancellation)
    {
        var label = $"SB{plan.Manifest.SchedulingBlockId} {plan.Manifest.Footprint.Name} {Math.Round(plan.CentreFrequencyHz / 1e6):0} MHz";
        var middle = $"{plan.FrequenciesHz[plan.FrequenciesHz.Length / 2] / 1e6:0.0} MHz";
        (string Name, string Title, Func<string, Figure> Figure)[] pictures =
        [
            ("valid-data", "Valid data: peak of I by antenna, beam and frequency", title => AntennaPictures.ValidData(plan, survey, title)),
            ("beam-positions", "Beam position errors by antenna, array mean removed", title => AntennaPictures.Positions(plan, survey, title)),
            ("mean-positions", "Positions of the mean beams and of Taylor term 0", title => AntennaPictures.MeanPositions(plan, survey, title)),
            ("gain-scales", "Response at the beam centre by antenna, X blue, Y orange", title => AntennaPictures.GainScales(plan, survey, title)),
            ("flagged", "Flagged data by antenna, beam and frequency", title => AntennaPictures.Flagged(plan, survey, title)),
            ("footprint", $"Half-power contours by beam at {middle}", title => BeamPictures.Footprint(plan, survey, title)),
            ("beam-cuts", $"Cuts through the beams at {middle}", title => BeamPictures.Cuts(survey, title)),
            ("widths", "Half-power width and squint by frequency", title => BeamPictures.Widths(plan, survey, title)),
            ("mean-error", $"Mean over antennas and its standard error near {middle}", title => BeamPictures.MeanAndError(survey, title)),
        ];
        var drawn = new List<QualityPicture>();
        foreach (var (name, title, figure) in pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            drawn.Add(Save(figure($"{label}: {title}"), name, title, pathOf));
            progress(drawn.Count, pictures.Length + MosaicPictures.Count);
        }
        drawn.AddRange(MosaicPictures.Draw(plan, merged, survey.SampledChannels, label).Select(picture => Save(picture.Figure, picture.Name, picture.Title, pathOf)));
        return [.. drawn];
    }

    static QualityPicture Save(Figure figure, string name, string title, Func<string, string> pathOf)
    {
        var path = pathOf(name);
        figure.SavePng(path);
        return new(name, title, path);
    }
}
