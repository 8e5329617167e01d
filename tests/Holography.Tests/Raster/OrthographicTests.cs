using FsCheck;
using FsCheck.Fluent;
using Holoflow.Holography.Raster;
using Holoflow.Holography.Simulation;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Raster;

public sealed class OrthographicTests
{
    const double Degree = Math.PI / 180;

    [Fact]
    public async Task Astropy_agrees_on_direction_cosines()
    {
        double[] ra = [10, 187.7, 359.9, 0.1, 83], dec = [-60, 12.4, -5, 3, 70];
        double[] ra0 = [12, 186.2, 1.1, 358.9, 90], dec0 = [-58.5, 13.5, -6, 1.5, 68];
        var judged = await PythonJudge.Ask(
            """
            from astropy.wcs import WCS
            result = []
            for ra, dec, ra0, dec0 in zip(args['ra'], args['dec'], args['ra0'], args['dec0']):
                w = WCS(naxis=2)
                w.wcs.ctype = ['RA---SIN', 'DEC--SIN']
                w.wcs.crval = [ra0, dec0]
                w.wcs.cdelt = [1, 1]
                result.append(w.wcs_world2pix([[ra, dec]], 0)[0] + 1)
            """,
            new { ra, dec, ra0, dec0 },
            TestContext.Current.CancellationToken);
        for (var k = 0; k < ra.Length; k++)
        {
            var offset = Orthographic.Project(ra[k] * Degree, dec[k] * Degree, ra0[k] * Degree, dec0[k] * Degree);
            Assert.Equal(judged[k][0].GetDouble(), offset.L / Degree, 1e-10);
            Assert.Equal(judged[k][1].GetDouble(), offset.M / Degree, 1e-10);
        }
    }

    [Fact]
    public void Boresight_for_an_offset_shows_the_source_at_that_offset() =>
        Prop.ForAll((int seed) =>
        {
            var random = new SeededGaussian(seed);
            var (ra, dec) = (2 * Math.PI * random.Uniform(), (random.Uniform() - 0.5) * 2.8);
            var offset = new SkyOffset(random.Normal(0.03), random.Normal(0.03));
            var (boresightRa, boresightDec) = Orthographic.BoresightFor(offset, ra, dec);
            return (Orthographic.Project(ra, dec, boresightRa, boresightDec) - offset).Radius < 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Deprojection_inverts_projection() =>
        Prop.ForAll((int seed) =>
        {
            var random = new SeededGaussian(seed);
            var (ra0, dec0) = (2 * Math.PI * random.Uniform(), (random.Uniform() - 0.5) * 2.8);
            var offset = new SkyOffset(random.Normal(0.05), random.Normal(0.05));
            var (ra, dec) = Orthographic.Deproject(offset, ra0, dec0);
            return (Orthographic.Project(ra, dec, ra0, dec0) - offset).Radius < 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Defect_7_the_sign_of_the_pol_axis_is_kept()
    {
        var minus = Orthographic.Project(0.02, 0, 0, 0, -45 * Degree);
        var plus = Orthographic.Project(0.02, 0, 0, 0, 45 * Degree);
        Assert.Equal(Math.Sin(0.02) * Math.Sqrt(0.5), minus.L, 1e-12);
        Assert.Equal(-minus.M, plus.M, 1e-12);
        Assert.NotEqual(minus.M, plus.M, 1e-3);
    }

    [Fact]
    public void A_source_behind_the_tangent_plane_is_refused() =>
        Assert.Throws<ArgumentException>(() => Orthographic.Project(Math.PI, 0, 0, 0));
}
