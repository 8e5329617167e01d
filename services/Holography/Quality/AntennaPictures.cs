using Holoflow.Holography.Pictures;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>Pictures with a panel for each antenna.</summary>
static class AntennaPictures
{
    const int Columns = 6;

    public static Figure ValidData(ReductionPlan plan, QualitySurvey survey, string title)
    {
        var figure = Small(title, plan);
        var scale = new ColourScale(ColourMap.Viridis, 0.75, 1.25, "peak of I, centre = 1");
        foreach (var a in Targets(plan))
        {
            var grid = ByBeamAndChannel(plan, survey, (beam, channel) => beam.Tables.Quality[a][channel] is { Flags: QualityFlags.None } quality ? quality.Peak : float.NaN);
            var valid = grid.Values.ToArray().Count(float.IsFinite) / (double)Math.Max(1, grid.Values.Length);
            figure.Add(new Panel(grid.AxisX("MHz"), grid.AxisY("beam") with { IsCount = true }) { Title = $"{plan.AntennaNames[a]}  {valid:P0} valid" }.Add(new HeatMap(grid, scale)));
        }
        return figure;
    }

    public static Figure Positions(ReductionPlan plan, QualitySurvey survey, string title)
    {
        var figure = Small(title, plan);
        var centres = survey.Beams.Select(beam => beam.Grid.Centre).ToArray();
        var means = survey.Beams.Select(beam => ArrayMean(plan, beam)).ToArray();
        var shifts = Targets(plan).Select(a => (Antenna: a, ByBeam: survey.Beams.Zip(means, (beam, mean) => MedianShift(beam, a) - mean).ToArray())).ToArray();
        // One key for all panels: antennas are compared.
        var key = Key(shifts.SelectMany(antenna => antenna.ByBeam));
        foreach (var (antenna, byBeam) in shifts)
            figure.Add(Sky(plan, plan.AntennaNames[antenna]).Add(ArrowsOf(centres, byBeam, key)));
        return figure;
    }

    public static Figure MeanPositions(ReductionPlan plan, QualitySurvey survey, string title)
    {
        var centres = survey.Beams.Select(beam => beam.Grid.Centre).ToArray();
        SkyOffset?[] means = [.. survey.Beams.Select(beam => beam.MeanShift)], zeros = [.. survey.Beams.Select(beam => beam.TaylorShift)];
        var key = Key(means.Concat(zeros));
        return new Figure(title, 2)
            .Add(Sky(plan, $"mean at {plan.FrequenciesHz[plan.FrequenciesHz.Length / 2] / 1e6:0.0} MHz").Add(ArrowsOf(centres, means, key)))
            .Add(Sky(plan, "Taylor term 0").Add(ArrowsOf(centres, zeros, key)));
    }

    public static Figure GainScales(ReductionPlan plan, QualitySurvey survey, string title)
    {
        var figure = Small(title, plan);
        var megahertz = plan.FrequenciesHz.Select(f => f / 1e6).ToArray();
        foreach (var a in Targets(plan))
        {
            // One over the scale is the response, in units of the data; of every beam a line, X and Y.
            var lines = survey.Beams.SelectMany(beam => new[]
            {
                (Values: beam.Tables.Scales[a].Select(s => s.X == 0 ? double.NaN : 1 / s.X.Magnitude).ToArray(), IsX: true),
                (Values: beam.Tables.Scales[a].Select(s => s.Y == 0 ? double.NaN : 1 / s.Y.Magnitude).ToArray(), IsX: false),
            }).Where(line => line.Values.Any(double.IsFinite)).ToArray();
            var panel = new Panel(Axis.Around("MHz", megahertz), Axis.Around("|E| at centre, Jy", lines.Length == 0 ? [0, 1] : [0, .. lines.SelectMany(line => line.Values.Where(double.IsFinite))])) { Title = plan.AntennaNames[a], HasGrid = true };
            foreach (var (values, isX) in lines)
                panel.Add(new Line(megahertz, values) { Colour = Colour.Series[isX ? 0 : 1], LineWidth = 1 });
            figure.Add(panel);
        }
        return figure;
    }

    public static Figure Flagged(ReductionPlan plan, QualitySurvey survey, string title)
    {
        var scale = new ColourScale(ColourMap.Viridis, 0, 1, "flagged fraction");
        var channels = ByBeamAndChannel(plan, survey, (beam, channel) => (float)beam.FlaggedByChannel[channel]);
        int[] targets = [.. Targets(plan)];
        var byAntenna = new float[plan.BeamCount * targets.Length];
        Array.Fill(byAntenna, float.NaN);
        foreach (var beam in survey.Beams)
        {
            for (var a = 0; a < targets.Length; a++)
                byAntenna[(beam.Beam * targets.Length) + a] = (float)beam.FlaggedByAntenna[targets[a]];
        }
        var antennas = new Grid(byAntenna, targets.Length, plan.BeamCount, 1, 1, 0, 1);
        return new Figure(title, 2)
            .Add(new Panel(channels.AxisX("MHz"), channels.AxisY("beam") with { IsCount = true }) { Title = "by beam and frequency" }.Add(new HeatMap(channels, scale)))
            .Add(new Panel(antennas.AxisX("target antenna, in order of number") with { IsCount = true }, antennas.AxisY("beam") with { IsCount = true }) { Title = "by beam and antenna" }.Add(new HeatMap(antennas, scale)));
    }

    static Figure Small(string title, ReductionPlan plan) => new(title, Math.Min(Columns, Math.Max(2, (int)Math.Ceiling(Math.Sqrt(plan.AntennaNames.Length - 1)))))
    {
        PanelWidth = 330,
        PanelHeight = 270,
    };

    static IEnumerable<int> Targets(ReductionPlan plan) => Enumerable.Range(0, plan.AntennaNames.Length).Where(a => a != plan.Reference);

    static Grid ByBeamAndChannel(ReductionPlan plan, QualitySurvey survey, Func<BeamSurvey, int, float> value)
    {
        var channels = plan.FrequenciesHz.Length;
        var values = new float[plan.BeamCount * channels];
        Array.Fill(values, float.NaN);
        foreach (var beam in survey.Beams)
        {
            for (var channel = 0; channel < channels; channel++)
                values[(beam.Beam * channels) + channel] = value(beam, channel);
        }
        var step = channels > 1 ? (plan.FrequenciesHz[^1] - plan.FrequenciesHz[0]) / (channels - 1) : plan.ChannelWidthHz;
        return new Grid(values, channels, plan.BeamCount, plan.FrequenciesHz[0] / 1e6, step / 1e6, 0, 1);
    }

    static Panel Sky(ReductionPlan plan, string title)
    {
        // Room for arrows of the outermost beams, and for the key above them.
        var extent = Angles.Degrees(plan.Footprint().Extent);
        var half = extent + Math.Max(0.4 * extent, 0.55);
        return new Panel(new Axis("degrees East", half, -half), new Axis("degrees North", -half, half)) { Title = title, HasEqualUnits = true, HasGrid = true };
    }

    static double Key(IEnumerable<SkyOffset?> shifts) => Nice(shifts.OfType<SkyOffset>().Select(shift => Angles.Arcmin(shift.Radius)).Where(double.IsFinite).DefaultIfEmpty(1).Max());

    // East is to the left: the axis turns the arrow with its place.
    static Arrows ArrowsOf(SkyOffset[] centres, SkyOffset?[] shifts, double key) => new(
        [.. centres.Select(c => Angles.Degrees(c.L))], [.. centres.Select(c => Angles.Degrees(c.M))],
        [.. shifts.Select(s => s is { } shift ? Angles.Arcmin(shift.L) : double.NaN)], [.. shifts.Select(s => s is { } shift ? Angles.Arcmin(shift.M) : double.NaN)], key, $"{key:0.##} arcmin");

    static double Nice(double value)
    {
        if (!(value > 0))
            return 1;
        var decade = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return decade * (value / decade >= 5 ? 5 : value / decade >= 2 ? 2 : 1);
    }

    static SkyOffset? MedianShift(BeamSurvey beam, int antenna)
    {
        SkyOffset[] shifts = [.. beam.Tables.Quality[antenna].Where(q => q.Flags == QualityFlags.None).Select(q => q.Shift)];
        return shifts.Length == 0 ? null : new SkyOffset(Median(shifts.Select(s => s.L)), Median(shifts.Select(s => s.M)));
    }

    static SkyOffset ArrayMean(ReductionPlan plan, BeamSurvey beam)
    {
        SkyOffset[] shifts = [.. Targets(plan).Select(a => MedianShift(beam, a)).OfType<SkyOffset>()];
        return shifts.Length == 0 ? default : (1.0 / shifts.Length) * shifts.Aggregate((a, b) => a + b);
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
