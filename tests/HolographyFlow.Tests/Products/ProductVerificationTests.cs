using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Products;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Tests.Products;

/// <summary>A product that linmos would misread fails its run before it is installed.</summary>
public sealed class ProductVerificationTests : IDisposable
{
    const int Pixels = 33, Channels = 4, Beams = 2;
    readonly TemporaryFolder _folder = new();
    readonly ReductionPlan _plan;
    readonly MergedBeams _merged;

    public ProductVerificationTests()
    {
        var plan = TestPlan.Of(Beams);
        _plan = plan with { Parameters = plan.Parameters with { OutputPixels = Pixels }, FrequenciesHz = [.. plan.FrequenciesHz.Take(Channels)] };
        for (var beam = 0; beam < Beams; beam++)
        {
            var values = Enumerable.Range(0, 4 * Channels * Pixels * Pixels).Select(k => k % (Pixels * Pixels) == Pixels * Pixels / 2 && k < Channels * Pixels * Pixels ? 1f : 0.1f + (0.01f * beam)).ToArray();
            CleanedBeamFile.Write(Cleaned(beam), $"{beam}", new BeamPlanes(values, values, [2, 2, 2, 2]), _plan.FrequenciesHz, Pixels);
        }
        _merged = new MergedBeams([.. Enumerable.Range(0, Beams).Select(beam => new BeamSlot(beam, Cleaned(beam), null, null, $"{beam}", null, null))]);
    }

    [Fact]
    public void A_right_cube_passes()
    {
        Write(_merged);
        Assert.Empty(ProductVerification.CheckCube(_folder.File("cube.fits"), _plan, _merged));
    }

    [Fact]
    public void Beams_in_the_wrong_order_are_found()
    {
        Write(new MergedBeams([_merged.Slots[1] with { Beam = 0 }, _merged.Slots[0] with { Beam = 1 }]));
        Assert.Contains(ProductVerification.CheckCube(_folder.File("cube.fits"), _plan, _merged), problem => problem.Contains("at place 0 are not those of beam 0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_beam_without_values_is_found()
    {
        Write(new MergedBeams([_merged.Slots[0], _merged.Slots[1] with { Cleaned = null, Reason = "lost" }]));
        Assert.Contains(ProductVerification.CheckCube(_folder.File("cube.fits"), _plan, _merged), problem => problem.Contains("beam 1 is there and has none", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CTYPE4", "BEAM    ", "linmos needs STOKES")]
    [InlineData("CTYPE1", "RA---TAN", "linmos needs RA---SIN")]
    public void A_wrong_axis_is_found(string card, string value, string expected)
    {
        Write(_merged);
        ReplaceCard(card, $"{card,-8}= '{value}'");
        Assert.Contains(ProductVerification.CheckCube(_folder.File("cube.fits"), _plan, _merged), problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_pixel_size_and_a_damaged_file_are_found()
    {
        Write(_merged);
        ReplaceCard("CDELT2", $"{"CDELT2",-8}= {"0.0345",20}");
        var problems = ProductVerification.CheckCube(_folder.File("cube.fits"), _plan, _merged);
        Assert.Contains(problems, problem => problem.Contains("CDELT2 is 0.0345", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("CHECKSUM", StringComparison.Ordinal));
    }

    [Fact]
    public void A_centre_that_is_not_one_is_found()
    {
        var bad = Enumerable.Repeat(0.9f, 4 * Channels * Pixels * Pixels).ToArray();
        CleanedBeamFile.Write(Cleaned(0), "0", new BeamPlanes(bad, bad, [2, 2, 2, 2]), _plan.FrequenciesHz, Pixels);
        Write(_merged);
        Assert.Contains(ProductVerification.CheckCube(_folder.File("cube.fits"), _plan, _merged), problem => problem.Contains("centre of beam 0 is off 1 by 0.1", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    string Cleaned(int beam) => _folder.File($"clean.{beam}.fits");

    void Write(MergedBeams merged) =>
        CubeWriting.Write(_plan, merged, isNominal: false, _folder.File("cube.fits"), _folder.File("weight.fits"), (_, _) => { }, TestContext.Current.CancellationToken);

    void ReplaceCard(string keyword, string card)
    {
        using var file = new FileStream(_folder.File("cube.fits"), FileMode.Open);
        var header = new byte[2880];
        file.ReadExactly(header);
        var at = System.Text.Encoding.ASCII.GetString(header).IndexOf($"{keyword,-8}=", StringComparison.Ordinal);
        Assert.Equal(0, at % 80);
        file.Position = at;
        file.Write(System.Text.Encoding.ASCII.GetBytes(card.PadRight(80)));
    }
}
