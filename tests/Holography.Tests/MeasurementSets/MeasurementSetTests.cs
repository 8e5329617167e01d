using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.MeasurementSets;

/// <summary>The typed view of the real ASKAP MeasurementSet, and what is said of broken ones.</summary>
public sealed class MeasurementSetTests
{
    [Fact]
    public void The_real_measurement_set_opens()
    {
        using var folder = new TemporaryFolder();
        using MeasurementSet set = MeasurementSet.Open(RealData.UnpackMeasurementSet(folder));
        Assert.Equal(36, set.Antennas.Count);
        Assert.Equal("ak01", set.Antennas[0].Name, ignoreCase: true);
        Assert.Equal(1296, set.Feeds.Count);
        Assert.Equal(288, set.SpectralWindows[0].ChannelFrequency.Length);
        Assert.Equal([9, 10, 11, 12], set.Polarizations[0].CorrelationTypes);
        Assert.Equal("ASKAP", set.Observations[0].TelescopeName);
        Assert.Equal(1998, set.Main.RowCount);
        Assert.Equal((288, 4), set.Main.CellShape(0));
        var pointing = new PointingRow[set.Pointing.RowCount];
        set.Pointing.Read(0, pointing);
        Assert.All(pointing, row => Assert.InRange(row.Elevation, 15f, 90f));
    }

    [Fact]
    public void Everything_that_is_missing_is_listed_at_once()
    {
        using var folder = new TemporaryFolder();
        string path = RealData.UnpackMeasurementSet(folder);
        Directory.Delete(Path.Combine(path, "FEED"), recursive: true);
        File.Delete(Path.Combine(path, "ANTENNA", "table.f0"));
        var failure = Assert.Throws<MeasurementSetException>(() => MeasurementSet.Open(path));
        Assert.Equal(2, failure.Problems.Count);
        Assert.Contains(failure.Problems, problem => problem.Contains("FEED", StringComparison.Ordinal) && problem.Contains("table.dat is missing", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.Contains(Path.Combine("ANTENNA", "table.f0"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_that_is_no_measurement_set_says_what_it_lacks()
    {
        using var folder = new TemporaryFolder();
        string path = RealData.UnpackMeasurementSet(folder);
        var failure = Assert.Throws<MeasurementSetException>(() => MeasurementSet.Open(Path.Combine(path, "ANTENNA")));
        Assert.Contains(failure.Problems, problem => problem.Contains("lacks the column DATA", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.Contains("subtable POINTING is missing", StringComparison.Ordinal));
    }
}
