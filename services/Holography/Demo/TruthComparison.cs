using Holoflow.Holography.Accuracy;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Demo;

/// <summary>
/// Sets products beside the truth of a simulation, by what lies on disk: the cube and the pointing table against truth.fits. HOLOGRAPHY section 11.
/// </summary>
static class TruthComparison
{
    const double RmsGoal = 0.002, MaxGoal = 0.006, LeakageGoal = 0.001, FwhmGoal = 0.005, CircularGoal = 0.9, PointingGoal = 0.1;
    const double ClearlyFarther = 2;

    /// <summary>Compares.</summary>
    /// <param name="cubePath">cube.fits.</param>
    /// <param name="pointingPath">pointing.fits.</param>
    /// <param name="truthPath">truth.fits.</param>
    /// <returns>The figures beside their goals; the worst beam and channel of each.</returns>
    public static AccuracyReport Compare(string cubePath, string pointingPath, string truthPath)
    {
        using var cube = FitsReader.Open(cubePath);
        using var truth = FitsReader.Open(truthPath);
        var shape = cube.Units[0].Shape;
        if (!shape.SequenceEqual(truth.Units[0].Shape))
            throw new InputException([$"{cubePath} is {string.Join(" x ", shape)} and {truthPath} is {string.Join(" x ", truth.Units[0].Shape)}: reduce with the outputPixels that the truth was made with"]);
        var errors = Errors(cube.Units[0], truth.Units[0]);
        var pointing = PointingErrors(pointingPath, truth);
        return new AccuracyReport(
        [
            new("I rms where I > 0.1, worst beam and channel", errors.Max(e => e.Rms), RmsGoal),
            new("I max where I > 0.1, worst beam and channel", errors.Max(e => e.Max), MaxGoal),
            new("leakage rms where I > 0.5, worst", errors.Max(e => e.Leakage), LeakageGoal),
            new("half-power width, relative, worst", errors.Max(e => e.Fwhm), FwhmGoal),
            new("V sign, correlation with the truth, worst", errors.Min(e => e.CircularCorrelation), CircularGoal, HigherIsBetter: true),
            new("pointing, rms over antennas, arcmin", pointing.Rms, PointingGoal),
            new("pointing, worst antenna, arcmin", pointing.Max, PointingGoal),
            new("beams that are not in their place", Misplaced(cube.Units[0], truth.Units[0]), 0),
        ]);
    }

    static List<BeamError> Errors(FitsUnit cube, FitsUnit truth)
    {
        var (k, channels, beams) = ((int)cube.Shape[0], (int)cube.Shape[2], (int)cube.Shape[4]);
        var grid = new OutputGrid(k, Angles.Radians(cube.Header.GetDouble("CDELT2")), default);
        var errors = new List<BeamError>();
        for (var beam = 0; beam < beams; beam++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var (found, right) = (Planes(cube, beam, channel), Planes(truth, beam, channel));
                if (float.IsNaN(found[0][grid.CentreIndex]))
                    continue;
                for (var s = 1; s < 4; s++)
                    right[s] = [.. right[s].Zip(right[0], (fraction, intensity) => fraction * intensity)];
                errors.Add(BeamError.Between(found, right, grid));
            }
        }
        return errors.Count > 0 ? errors : throw new InputException(["the cube holds no beam"]);
    }

    // A beam is nearest to its own truth: true beams differ by coma and leakage even where their shapes are alike. Where they do not differ (measured beams
    // that are steered), no place is better than another.
    static int Misplaced(FitsUnit cube, FitsUnit truth)
    {
        var (channels, beams) = ((int)cube.Shape[2], (int)cube.Shape[4]);
        var right = Enumerable.Range(0, beams).Select(beam => Planes(truth, beam, channels / 2)).ToArray();
        return Enumerable.Range(0, beams).Count(beam =>
        {
            var found = Planes(cube, beam, channels / 2);
            return !float.IsNaN(found[0][found[0].Length / 2]) && Distance(found, right[beam]) > ClearlyFarther * right.Min(other => Distance(found, other));
        });
    }

    static double Distance(float[][] found, float[][] truth)
    {
        var sum = 0.0;
        for (var s = 0; s < 4; s++)
        {
            for (var k = 0; k < found[s].Length; k++)
            {
                if (truth[0][k] > 0.3)
                    sum += (found[s][k] - truth[s][k]) * (found[s][k] - truth[s][k]);
            }
        }
        return sum;
    }

    static float[][] Planes(FitsUnit unit, int beam, int channel)
    {
        var pixels = unit.Shape[0] * unit.Shape[1];
        return [.. Enumerable.Range(0, 4).Select(stokes =>
        {
            var plane = new float[pixels];
            unit.ReadImage(((((beam * 4L) + stokes) * unit.Shape[2]) + channel) * pixels, plane);
            return plane;
        })];
    }

    static (double Rms, double Max) PointingErrors(string pointingPath, FitsReader truth)
    {
        using var file = FitsReader.Open(pointingPath);
        var table = file.Unit("POINTING");
        var (antennas, beams, east, north) = (table.ReadColumn<int>("ANTENNA"), table.ReadColumn<int>("BEAM"), table.ReadColumn<double>("EAST"), table.ReadColumn<double>("NORTH"));
        var (trueEast, trueNorth) = (truth.Unit("POINTING").ReadColumn<double>("EAST"), truth.Unit("POINTING").ReadColumn<double>("NORTH"));
        int[] rows = [.. Enumerable.Range(0, antennas.Length).Where(row => beams[row] < 0 && double.IsFinite(east[row]))];
        var (meanEast, meanNorth) = (rows.Average(row => trueEast[antennas[row]]), rows.Average(row => trueNorth[antennas[row]]));
        double[] errors = [.. rows.Select(row => Math.Sqrt(
            Math.Pow(east[row] - (trueEast[antennas[row]] - meanEast), 2) + Math.Pow(north[row] - (trueNorth[antennas[row]] - meanNorth), 2)))];
        return (Math.Sqrt(errors.Average(e => e * e)), errors.Max());
    }
}
