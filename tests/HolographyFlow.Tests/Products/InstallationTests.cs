using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Products;

namespace Holoflow.HolographyFlow.Tests.Products;

public sealed class InstallationTests : IDisposable
{
    readonly TemporaryFolder _products = new();
    readonly TemporaryFolder _beams = new();

    public InstallationTests()
    {
        File.WriteAllText(_products.File("a.fits"), "first");
        File.WriteAllText(_products.File("b.fits"), "second");
    }

    [Fact]
    public async Task Products_are_installed_whole_and_a_second_time_is_no_change()
    {
        Assert.All(await Install(), product => Assert.Equal("installed", product.Action));
        var written = File.GetLastWriteTimeUtc(_beams.File("a.fits"));
        Assert.All(await Install(), product => Assert.Equal("unchanged", product.Action));
        Assert.Equal(written, File.GetLastWriteTimeUtc(_beams.File("a.fits")));
        Assert.Equal(["a.fits", "b.fits"], Directory.GetFiles(_beams.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Defect_15_a_differing_installed_file_refuses_the_lot_and_is_named()
    {
        await File.WriteAllTextAsync(_beams.File("b.fits"), "SECOND", TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<InputException>(() => Install());
        Assert.Contains(_beams.File("b.fits"), refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_beams.File("a.fits")), "nothing is half done");
        Assert.Equal("SECOND", await File.ReadAllTextAsync(_beams.File("b.fits"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_differing_file_is_replaced_when_told()
    {
        await File.WriteAllTextAsync(_beams.File("b.fits"), "SECOND", TestContext.Current.CancellationToken);
        Assert.Equal(["installed", "replaced"], (await Install(replace: true)).Select(product => product.Action));
        Assert.Equal("second", await File.ReadAllTextAsync(_beams.File("b.fits"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing_behind()
    {
        File.CreateSymbolicLink(_beams.File("a.fits.partial"), "/dev/full");
        await Assert.ThrowsAsync<IOException>(() => Install());
        Assert.Empty(Directory.GetFileSystemEntries(_beams.Path));
    }

    public void Dispose()
    {
        _products.Dispose();
        _beams.Dispose();
    }

    Task<InstalledProduct[]> Install(bool replace = false) =>
        Installation.InstallAsync([_products.File("a.fits"), _products.File("b.fits")], _beams.Path, replace, TestContext.Current.CancellationToken);
}
