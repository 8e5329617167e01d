using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.Holography.Fits;
using Holoflow.Holography.Tests.Judges;

namespace Holoflow.Holography.Tests.Fits;

public sealed class FitsNumberTests
{
    [Theory]
    [InlineData(-0.034502035580794704, "-0.03450203558079470")]
    [InlineData(0.034502035580794704, "0.034502035580794704")]
    [InlineData(1151990740.7407405, "1151990740.7407405")]
    [InlineData(1e6, "1000000.0")]
    [InlineData(1e16, "1E+16")]
    [InlineData(1.5e-7, "1.5E-07")]
    [InlineData(0, "0.0")]
    public void Numbers_are_written_as_in_the_real_cubes(double value, string expected) => Assert.Equal(expected, FitsNumber.Format(value));

    [Fact]
    public async Task Numbers_are_written_as_python_does_and_read_back_by_astropy()
    {
        double[] values = [.. Gen.Sample(ArbMap.Default.GeneratorFor<NormalFloat>(), 300).Select(f => f.Get), 1e15, 123456789012345680, 1e22, 1e-5, 1e-4, -1.2345678901234567e-100];
        JsonElement wrong = await PythonJudge.Ask(
            """
            from astropy.io import fits
            wrong = []
            for value, card in zip(args['values'], args['cards']):
                text = str(float(value)).replace('e', 'E')
                if len(text) > 20: text = text[:20] if 'E' not in text else text[:20 - len(text) + text.index('E')] + text[text.index('E'):]
                if card != ('KEY     = %20s / note' % text).ljust(80): wrong.append([card, text])
                read = fits.Card.fromstring(card).value
                if abs(read - value) > 1e-11 * abs(value): wrong.append([card, read])
            result = wrong
            """,
            new { values, cards = values.Select(value => new FitsCard("KEY", value, "note").Format()) },
            TestContext.Current.CancellationToken);
        Assert.Equal("[]", wrong.ToString());
    }

    [Fact]
    public void What_fits_no_card_is_refused()
    {
        Assert.Contains("NaN", Assert.Throws<FitsFormatException>(() => new FitsCard("KEY", double.NaN).Format()).Message, StringComparison.Ordinal);
        Assert.Contains("TOOLONGKEY", Assert.Throws<FitsFormatException>(() => new FitsCard("TOOLONGKEY", 1L).Format()).Message, StringComparison.Ordinal);
        Assert.Throws<FitsFormatException>(() => new FitsCard("KEY", "grün").Format());
    }
}
