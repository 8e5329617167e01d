using Holoflow.Holography.Pointing;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Simulation;

namespace Holoflow.Holography.Tests.Pointing;

public sealed class QualityRulesTests
{
    const double Arcmin = Math.PI / 180 / 60;
    static readonly double[] Frequencies = [.. Enumerable.Range(0, 40).Select(c => 8e8 + (c * 1e6))];

    [Fact]
    public void Each_rule_sets_its_own_flag()
    {
        var spectrum = Spectrum(0.02);
        spectrum[3].Peak = 1.5f;
        spectrum[4].AmplitudeRatio = 0.7f;
        spectrum[5].Shift = new(double.NaN, 0);
        spectrum[6].Flags = QualityFlags.NoData;
        spectrum[20].Shift += new SkyOffset(0, 2 * Arcmin);
        QualityRules.Apply(spectrum, Frequencies, new());
        Assert.Equal(QualityFlags.Peak, spectrum[3].Flags);
        Assert.Equal(QualityFlags.AmplitudeRatio, spectrum[4].Flags);
        Assert.Equal(QualityFlags.NoFit, spectrum[5].Flags);
        Assert.Equal(QualityFlags.NoData, spectrum[6].Flags);
        Assert.Equal(QualityFlags.ShiftResidual | QualityFlags.ShiftJump, spectrum[20].Flags);
        Assert.True(spectrum.Count(q => q.Flags == QualityFlags.None) >= 34);
    }

    [Fact]
    public void Defect_8_the_ends_of_the_band_are_not_outliers()
    {
        // Far from zero: a difference against an appended zero would be enormous.
        var spectrum = Spectrum(0.02, 10);
        QualityRules.Apply(spectrum, Frequencies, new() { ShiftRanges = 6 });
        Assert.Equal(QualityFlags.None, spectrum[0].Flags);
        Assert.Equal(QualityFlags.None, spectrum[^1].Flags);
    }

    [Fact]
    public void Defect_11_flags_stay_even_if_all_are_set()
    {
        var spectrum = Spectrum(0.02);
        for (var c = 0; c < spectrum.Length; c++) spectrum[c].Peak = 3;
        QualityRules.Apply(spectrum, Frequencies, new());
        Assert.All(spectrum, q => Assert.Equal(QualityFlags.Peak, q.Flags));
    }

    [Fact]
    public void The_arrays_mean_is_removed_from_the_table()
    {
        SkyOffset[] truth = [new(1 * Arcmin, 0), new(-2 * Arcmin, 1 * Arcmin), new(1 * Arcmin, -1 * Arcmin)];
        var beams = new List<AntennaQuality[][]>();
        for (var beam = 0; beam < 2; beam++)
        {
            var common = new SkyOffset(7 * Arcmin * beam, -3 * Arcmin);
            beams.Add([.. truth.Select(t => Enumerable.Range(0, 5).Select(_ => new AntennaQuality { Shift = t + common }).ToArray())]);
        }

        beams[1][2][3].Flags = QualityFlags.Peak;
        beams[1][2][3].Shift = new(1, 1);
        var table = PointingTable.Combine(beams);
        Assert.Equal(10, table[0].Count);
        Assert.Equal(9, table[2].Count);
        for (var a = 0; a < 3; a++) Assert.True((table[a].Offset - truth[a]).Radius < 0.3 * Arcmin, $"antenna {a}: {table[a].Offset}");
        Assert.Equal(0, table[2].Offset.M - truth[2].M, 1e-9);
    }

    [Fact]
    public void An_antenna_without_values_has_none_in_the_table()
    {
        var quality = Enumerable.Range(0, 3).Select(a => new[] { new AntennaQuality { Flags = a == 1 ? QualityFlags.NoData : 0 } }).ToArray();
        var table = PointingTable.Combine([quality]);
        Assert.Equal(0, table[1].Count);
        Assert.True(double.IsNaN(table[1].Offset.L));
    }

    static AntennaQuality[] Spectrum(double noise, double offset = 0)
    {
        var random = new SeededGaussian(1);
        return [.. Enumerable.Range(0, 40).Select(c => new AntennaQuality
        {
            Peak = 1,
            AmplitudeRatio = 1,
            Shift = new((offset + (0.01 * c) + random.Normal(noise)) * Arcmin, (offset - (0.02 * c) + random.Normal(noise)) * Arcmin),
        })];
    }
}
