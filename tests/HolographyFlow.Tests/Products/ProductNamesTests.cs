using Holoflow.HolographyFlow.Products;

namespace Holoflow.HolographyFlow.Tests.Products;

public sealed class ProductNamesTests
{
    [Theory]
    [InlineData(1151990740.7407405, 66096, "akpb.iquv.closepack36.54.1295MHz.SB66096.cube.fits")]
    [InlineData(1511990740.740741, 34422, "akpb.iquv.closepack36.54.1655MHz.SB34422.cube.fits")]
    [InlineData(799990740.7407407, 55219, "akpb.iquv.closepack36.54.943MHz.SB55219.cube.fits")]
    public void Names_are_those_of_the_real_products(double firstFrequency, long sbid, string expected)
    {
        var names = new ProductNames("closepack36", 0.9, firstFrequency + (287 * 0.5e6), sbid);
        Assert.Equal(expected, names.Cube);
        Assert.Equal(expected.Replace("cube", "taylor", StringComparison.Ordinal), names.Taylor);
    }
}
