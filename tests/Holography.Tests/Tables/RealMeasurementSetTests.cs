using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Tables;

/// <summary>Every column of the real ASKAP MeasurementSet and of all its subtables, cell by cell, against casacore.</summary>
public sealed class RealMeasurementSetTests
{
    [Fact]
    public async Task Every_cell_of_every_table_is_as_casacore_reads_it()
    {
        using var folder = new TemporaryFolder();
        string path = RealData.UnpackMeasurementSet(folder);
        await TableComparison.AssertSame([path, .. Directory.GetDirectories(path)], TestContext.Current.CancellationToken);
    }
}
