using Holoflow.Holography.Beams;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Pointing;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Spectra;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Products;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>Measures every beam once, for the pictures and for qa.json.</summary>
/// <param name="Beams">The beams that are there.</param>
/// <param name="SampledChannels">Up to 16 channels across the band.</param>
sealed record QualitySurvey(IReadOnlyList<BeamSurvey> Beams, int[] SampledChannels)
{
    const int Samples = 16;
    const double MainBeam = 0.5, FitAbove = 0.3;

    public static QualitySurvey Take(ReductionPlan plan, MergedBeams merged, CancellationToken cancellation)
    {
        var channels = plan.FrequenciesHz.Length;
        int[] sampled = [.. Enumerable.Range(0, Math.Min(Samples, channels)).Select(i => (int)((i + 0.5) * channels / Math.Min(Samples, channels)))];
        var beams = new List<BeamSurvey>();
        foreach (var slot in merged.Present)
        {
            cancellation.ThrowIfCancellationRequested();
            beams.Add(Measure(plan, slot, sampled));
        }
        return new(beams, sampled);
    }

    static BeamSurvey Measure(ReductionPlan plan, BeamSlot slot, int[] sampled)
    {
        var grid = plan.Grid(slot.Beam);
        using var cleaned = FitsReader.Open(slot.Cleaned!);
        var antennas = cleaned.Unit("CHANNELS").ReadColumn<int>("ANTENNAS");
        var reader = new PlaneReader(cleaned.Units[0], grid.Count, plan.FrequenciesHz.Length);
        var middle = plan.FrequenciesHz.Length / 2;
        var intensity = reader.Read(0, middle);
        var (mean, error) = MeanNear(slot, middle, antennas, grid.Count);
        var (byAntenna, byChannel) = Flagged(slot, plan.FrequenciesHz.Length);
        return new BeamSurvey
        {
            Beam = slot.Beam,
            Grid = grid,
            Tables = BeamMeanFile.ReadTables(slot.Mean!),
            AntennasUsed = antennas,
            Intensity = intensity,
            Mean = mean,
            StandardError = error,
            Widths = [.. sampled.Select(channel => Width(plan, reader, grid, channel))],
            MeanShift = GaussianBeamFit.Fit(intensity, grid, FitAbove)?.Centre - grid.Centre,
            TaylorShift = GaussianBeamFit.Fit(TaylorZero(plan, reader, antennas, grid.Count), grid, FitAbove)?.Centre - grid.Centre,
            LargestLeakage = LargestLeakage(reader, sampled),
            FlaggedByAntenna = byAntenna,
            FlaggedByChannel = byChannel,
        };
    }

    static WidthSample Width(ReductionPlan plan, PlaneReader reader, OutputGrid grid, int channel)
    {
        var (i, q, u) = (reader.Read(0, channel), reader.Read(1, channel), reader.Read(2, channel));
        // Powers of the two receptors from I, Q, U (HOLOGRAPHY eq. 9): XX - YY = s Q - c U.
        var (s, c) = Math.SinCos(2 * Angles.Radians(plan.Manifest.PolarizationAxisDegrees));
        float[] x = [.. i.Select((value, k) => (float)(value * (1 + (s * q[k]) - (c * u[k]))))];
        float[] y = [.. i.Select((value, k) => (float)(value * (1 - (s * q[k]) + (c * u[k]))))];
        return new(plan.FrequenciesHz[channel], BeamShape.Measure(i, grid)?.Fwhm, Sensitivity.Squint(x, y, grid));
    }

    static float[] TaylorZero(ReductionPlan plan, PlaneReader reader, int[] antennas, int pixels)
    {
        var cube = new float[plan.FrequenciesHz.Length * pixels];
        for (var channel = 0; channel < plan.FrequenciesHz.Length; channel++)
            reader.Read(0, channel, cube.AsSpan(channel * pixels, pixels));
        var zero = new float[plan.Parameters.TaylorTerms * pixels];
        new TaylorTerms(plan.FrequenciesHz, [.. antennas.Select(n => n == 0)], plan.Parameters.TaylorTerms).Expand(cube, pixels, zero);
        return zero[..pixels];
    }

    static double[] LargestLeakage(PlaneReader reader, int[] sampled)
    {
        var largest = new double[3];
        foreach (var channel in sampled)
        {
            var intensity = reader.Read(0, channel);
            for (var stokes = 1; stokes < 4; stokes++)
            {
                var fraction = reader.Read(stokes, channel);
                for (var k = 0; k < fraction.Length; k++)
                {
                    if (intensity[k] > MainBeam)
                        largest[stokes - 1] = Math.Max(largest[stokes - 1], Math.Abs(fraction[k]));
                }
            }
        }
        return largest;
    }

    static (float[] Mean, float[] Error) MeanNear(BeamSlot slot, int middle, int[] antennas, int pixels)
    {
        var (mean, error) = (new float[pixels], new float[pixels]);
        int[] measured = [.. Enumerable.Range(0, antennas.Length).Where(channel => antennas[channel] > 0)];
        using var file = FitsReader.Open(slot.Mean!);
        var nearest = measured.MinBy(channel => Math.Abs(channel - middle));
        file.Units[0].ReadImage((long)nearest * pixels, mean);
        file.Unit("STDERR").ReadImage((long)nearest * pixels, error);
        return (mean, error);
    }

    static (double[] ByAntenna, double[] ByChannel) Flagged(BeamSlot slot, int channels)
    {
        using var file = FitsReader.Open(slot.Flags!);
        var table = file.Unit("ANTENNAS");
        var flags = table.ReadColumn<bool>("FLAGS");
        var hits = table.ReadColumn<int>("HITS").Chunk((int)(flags.Length / channels / table.RowCount)).ToArray();
        var rows = flags.Chunk(flags.Length / hits.Length).ToArray();
        var byChannel = new double[channels];
        int[] alive = [.. Enumerable.Range(0, rows.Length).Where(a => hits[a].AsSpan().ContainsAnyExcept(0))];
        foreach (var a in alive)
        {
            for (var k = 0; k < rows[a].Length; k++)
                byChannel[k % channels] += rows[a][k] ? 1.0 / (rows[a].Length / channels) / alive.Length : 0;
        }
        return ([.. rows.Select(row => (double)row.AsSpan().Count(true) / row.Length)], byChannel);
    }
}

/// <summary>Reads planes of an image [4][C][pixels].</summary>
sealed class PlaneReader(FitsUnit unit, int pixels, int channels)
{
    public float[] Read(int stokes, int channel)
    {
        var plane = new float[pixels];
        Read(stokes, channel, plane);
        return plane;
    }

    public void Read(int stokes, int channel, Span<float> plane) => unit.ReadImage((((long)stokes * channels) + channel) * pixels, plane);
}
