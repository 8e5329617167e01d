using System.Text;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Fits;

/// <summary>Our cube header against those of three real holography cubes, card by card.</summary>
public sealed class PrimaryBeamHeaderTests
{
    [Theory]
    [InlineData("akpb.iquv.closepack36.54.943MHz.SB55219.cube.fits")]
    [InlineData("akpb.iquv.closepack36.54.1295MHz.SB66096.cube.fits")]
    [InlineData("akpb.iquv.closepack36.54.1655MHz.SB34422.cube.fits")]
    public void Header_is_that_of_the_real_cube_card_by_card(string name)
    {
        using var folder = new TemporaryFolder();
        string real = RealData.UnpackCubes(folder).Single(path => Path.GetFileName(path) == name);
        PrimaryBeamImage image;
        using (FitsReader reader = FitsReader.Open(real))
            image = Describe(reader.Units[0].Header);
        string ours = folder.File("ours.fits");
        using (FitsWriter writer = FitsWriter.Create(ours, checksums: false))
        {
            FitsImageSink sink = writer.BeginImage(PrimaryBeamHeader.CubeShape(image), PrimaryBeamHeader.Cube(image));
            sink.Write(new float[3 * 3 * 288 * 4 * 36]);
            sink.Complete();
            writer.Complete();
        }
        Assert.Equal(Cards(real), Cards(ours));
    }

    [Fact]
    public void Pixel_size_follows_from_the_raster_and_the_footprint()
    {
        // d = (h - max offset) / 50 in the orthographic plane; HOLOGRAPHY section 4 gives both values.
        double offset = 2.75 * Math.Sin(0.9 * Math.PI / 180) * 180 / Math.PI;
        using var folder = new TemporaryFolder();
        foreach ((string name, double halfWidth) in new[] { ("943MHz.SB55219", 4.2), ("1655MHz.SB34422", 3.4) })
        {
            using FitsReader reader = FitsReader.Open(RealData.UnpackCubes(folder).Single(path => path.Contains(name, StringComparison.Ordinal)));
            Assert.Equal((halfWidth - offset) / 50, reader.Units[0].Header.GetDouble("CDELT2"), 1e-12);
            Directory.GetFiles(folder.Path).ToList().ForEach(File.Delete);
        }
    }

    static PrimaryBeamImage Describe(FitsHeader real) => new()
    {
        Pixels = (int)real.GetInteger("NAXIS1"),
        PixelSize = real.GetDouble("CDELT2"),
        CentrePixel = real.GetDouble("CRPIX1"),
        Channels = (int)real.GetInteger("NAXIS3"),
        FirstFrequency = real.GetDouble("CRVAL3"),
        ChannelWidth = real.GetDouble("CDELT3"),
        Beams = (int)real.GetInteger("NAXIS5"),
        SoftwareVersion = real.Find("ACESVER") as string,
        ObservedAt = real.Find("DATE-OBS") is string time ? DateTime.Parse(time) : null,
        BeamformerBlock = real.Find("BFSBID") as long?,
        HolographyBlock = real.Find("HOLOSBID") as long?,
    };

    static List<string> Cards(string path)
    {
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(path).AsSpan(0, 5760));
        List<string> cards = [.. Enumerable.Range(0, text.Length / 80).Select(i => text.Substring(80 * i, 80))];
        return cards[..(cards.FindIndex(card => card.StartsWith("END ", StringComparison.Ordinal)) + 1)];
    }
}
