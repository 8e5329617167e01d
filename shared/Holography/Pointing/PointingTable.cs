using Holoflow.Holography.Means;
using Holoflow.Holography.Raster;

namespace Holoflow.Holography.Pointing;

/// <summary>Pointing error of one antenna.</summary>
/// <param name="Antenna">Antenna number.</param>
/// <param name="Offset">Offset after removing the array's mean, rad; NaN where nothing was measured.</param>
/// <param name="Scatter">Robust scatter of the values that it is the mean of, rad.</param>
/// <param name="Count">How many (beams, channels) went in.</param>
public readonly record struct AntennaPointing(int Antenna, SkyOffset Offset, double Scatter, int Count);

/// <summary>
/// Per-antenna pointing from the beams' positions. HOLOGRAPHY eq. 10: weighted over beams and channels, reported after removing the array's mean
/// (that mean is the true offset of the beam: coma and squint).
/// </summary>
public static class PointingTable
{
    /// <summary>Combines beams and channels.</summary>
    /// <param name="beams">By beam, [A][C]; flagged entries are left out. Every beam has the same antennas.</param>
    /// <returns>[A]; antennas without any value have Count 0.</returns>
    /// <exception cref="ArgumentException">No beams, or beams of different antenna counts.</exception>
    public static IReadOnlyList<AntennaPointing> Combine(IReadOnlyList<AntennaQuality[][]> beams)
    {
        if (beams.Count == 0 || beams.Any(b => b.Length != beams[0].Length)) throw new ArgumentException("pointing needs beams of the same antennas", nameof(beams));
        var antennas = beams[0].Length;
        var left = new List<double>[antennas];
        var up = new List<double>[antennas];
        for (var a = 0; a < antennas; a++) (left[a], up[a]) = ([], []);
        foreach (var beam in beams)
        {
            for (var c = 0; c < beam[0].Length; c++) AddCentred(beam, c, left, up);
        }

        var table = new AntennaPointing[antennas];
        for (var a = 0; a < antennas; a++)
        {
            var l = RobustScale.Measure(left[a].ToArray());
            var m = RobustScale.Measure(up[a].ToArray());
            var offset = left[a].Count == 0 ? new SkyOffset(double.NaN, double.NaN) : new SkyOffset(ClippedMean(left[a], l), ClippedMean(up[a], m));
            table[a] = new(a, offset, Math.Sqrt(((l.Scatter * l.Scatter) + (m.Scatter * m.Scatter)) / 2), left[a].Count);
        }

        return table;
    }

    static void AddCentred(AntennaQuality[][] beam, int channel, List<double>[] left, List<double>[] up)
    {
        var mean = default(SkyOffset);
        var count = 0;
        foreach (var antenna in beam)
        {
            if (antenna[channel].Flags != QualityFlags.None) continue;
            mean += antenna[channel].Shift;
            count++;
        }

        if (count < 2) return;
        mean = (1.0 / count) * mean;
        for (var a = 0; a < beam.Length; a++)
        {
            if (beam[a][channel].Flags != QualityFlags.None) continue;
            var offset = beam[a][channel].Shift - mean;
            left[a].Add(offset.L);
            up[a].Add(offset.M);
        }
    }

    static double ClippedMean(List<double> values, (double Median, double Scatter) robust)
    {
        var kept = values.Where(v => Math.Abs(v - robust.Median) <= Math.Max(4 * robust.Scatter, 1e-12)).ToArray();
        return kept.Length == 0 ? robust.Median : kept.Average();
    }
}
