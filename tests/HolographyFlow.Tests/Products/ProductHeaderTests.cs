using System.Text;
using Holoflow.Holography.Fits;
using Holoflow.HolographyFlow.Products;

namespace Holoflow.HolographyFlow.Tests.Products;

public sealed class ProductHeaderTests
{
    [Theory]
    [InlineData("1295MHz", 15, 0.6)]
    [InlineData("943MHz", 15, 0.6)]
    [InlineData("1655MHz", 18, 0.4)]
    public void The_header_is_that_of_the_real_cube_card_by_card(string which, int points, double step)
    {
        using var folder = new TemporaryFolder();
        using var real = FitsReader.Open(RealData.UnpackCubes(folder).Single(path => path.Contains(which, StringComparison.Ordinal)));
        var cards = real.Units[0].Header;
        var plan = TestPlan.Real(cards.GetDouble("CRVAL3"), points, step);
        plan = plan with
        {
            Manifest = plan.Manifest with
            {
                SchedulingBlockId = cards.Find("HOLOSBID") is long sbid ? sbid : 0,
                BeamWeightsId = cards.Find("BFSBID") as long?,
                StartTime = cards.Find("DATE-OBS") is string time ? DateTimeOffset.Parse($"{time}Z") : null,
            },
        };
        var image = ProductHeader.Image(plan);
        Assert.Equal(cards.GetDouble("CDELT2"), image.PixelSize, 1e-12);
        Assert.Equal(36, image.Beams);

        // Same values, same text: what this program calls itself and the last digit of the pixel are the real file's here.
        var header = PrimaryBeamHeader.Cube(image with
        {
            PixelSize = cards.GetDouble("CDELT2"),
            SoftwareVersion = cards.Find("ACESVER") as string,
            HolographyBlock = cards.Find("HOLOSBID") as long?,
        });
        var mandatory = 3 + PrimaryBeamHeader.CubeShape(image).Length;
        Assert.Equal(RawCards(real.Path).Skip(mandatory), header.Cards.Select(card => card.Format()));
    }

    static IEnumerable<string> RawCards(string path)
    {
        var header = new byte[2 * 2880];
        using (var file = File.OpenRead(path))
            file.ReadExactly(header);
        return Encoding.ASCII.GetString(header).Chunk(80).Select(card => new string(card)).TakeWhile(card => card.TrimEnd() != "END");
    }
}
