using System.Numerics;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Regridding;

namespace Holoflow.Holography.Means;

/// <summary>
/// Mean of the antennas' Stokes beams with its standard error. HOLOGRAPHY eq. 12: weighted mean of the unflagged; standard error = robust scatter
/// (1.4826 times the median absolute deviation) / sqrt(n); fewer than min_antennas leave the channel flagged.
/// </summary>
public static class AntennaMean
{
    /// <summary>Combines one block of channels.</summary>
    /// <param name="stokes">By antenna, [G][4][16], in units of the beam centre.</param>
    /// <param name="weights">[antennas of <paramref name="stokes"/>][16]; 0 leaves the antenna out of the channel.</param>
    /// <param name="minAntennas">Antennas that a channel needs, at least 2.</param>
    /// <param name="mean">Receives [G][4][16]; NaN where the channel is flagged.</param>
    /// <param name="standardError">Receives [G][4][16]; NaN where the channel is flagged.</param>
    /// <param name="used">Receives the antennas used by lane, [16]; 0 where flagged.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ArgumentException">Arrays whose lengths do not agree, or fewer than 2 minimal antennas.</exception>
    public static void Combine(
        IReadOnlyList<float[]> stokes, IReadOnlyList<float[]> weights, int minAntennas, float[] mean, float[] standardError, int[] used, int threads)
    {
        if (minAntennas < 2) throw new ArgumentException($"minAntennas must be at least 2, not {minAntennas}", nameof(minAntennas));
        if (stokes.Count != weights.Count || stokes.Any(s => s.Length < mean.Length) || standardError.Length != mean.Length)
            throw new ArgumentException("blocks of different shapes cannot be averaged", nameof(stokes));
        const int lanes = ChannelBlock.Lanes;
        var total = new float[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            used[lane] = weights.Count(w => w[lane] > 0);
            if (used[lane] < minAntennas) used[lane] = 0;
            total[lane] = weights.Sum(w => w[lane]);
        }

        var network = new SortingNetwork(stokes.Count);
        var pixels = mean.Length / StokesBlocks.Width;
        const int chunk = 64;
        Parallel.For(0, (pixels + chunk - 1) / chunk, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            Span<Vector<float>> sorted = new Vector<float>[stokes.Count];
            var end = Math.Min((part + 1) * chunk * StokesBlocks.Width, mean.Length);
            for (var at = part * chunk * StokesBlocks.Width; at < end; at += Vector<float>.Count)
                CombineVector(stokes, weights, network, sorted, at, total, used, mean, standardError);
        });
    }

    static void CombineVector(
        IReadOnlyList<float[]> stokes, IReadOnlyList<float[]> weights, SortingNetwork network, Span<Vector<float>> sorted, int at,
        float[] total, int[] used, float[] mean, float[] standardError)
    {
        var lane = at % ChannelBlock.Lanes;
        var sum = Vector<float>.Zero;
        var outside = new Vector<float>(float.PositiveInfinity);
        for (var a = 0; a < sorted.Length; a++)
        {
            var value = new Vector<float>(stokes[a], at);
            var weight = new Vector<float>(weights[a], lane);
            var inside = Vector.GreaterThan(weight, Vector<float>.Zero);
            sum += weight * Vector.ConditionalSelect(inside, value, Vector<float>.Zero);
            sorted[a] = Vector.ConditionalSelect(inside, value, outside);
        }

        network.Sort(sorted);
        var median = Middle(sorted, used, lane);
        for (var a = 0; a < sorted.Length; a++)
            sorted[a] = Vector.ConditionalSelect(Vector.Equals(sorted[a], outside), outside, Vector.Abs(sorted[a] - median));
        network.Sort(sorted);
        var deviation = Middle(sorted, used, lane);
        for (var k = 0; k < Vector<float>.Count; k++)
        {
            var n = used[lane + k];
            mean[at + k] = n > 0 ? sum[k] / total[lane + k] : float.NaN;
            standardError[at + k] = n > 0 ? (float)(RobustScale.FromMedianDeviation * deviation[k] / Math.Sqrt(n)) : float.NaN;
        }
    }

    static Vector<float> Middle(ReadOnlySpan<Vector<float>> sorted, int[] used, int lane)
    {
        Span<float> middle = stackalloc float[Vector<float>.Count];
        for (var k = 0; k < middle.Length; k++)
        {
            var n = used[lane + k];
            middle[k] = n == 0 ? 0 : 0.5f * (sorted[(n - 1) / 2][k] + sorted[n / 2][k]);
        }

        return new Vector<float>(middle);
    }
}
