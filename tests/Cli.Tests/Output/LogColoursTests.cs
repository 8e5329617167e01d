using FsCheck;
using FsCheck.Fluent;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Tests.Output;

public sealed class LogColoursTests
{
    [Theory]
    [InlineData("plain", "plain:")]
    [InlineData("\e[31mred\e[0m off", "red:31| off:")]
    [InlineData("\e[1;31mboth\e[22mred\e[39mnone", "both:1;31|red:31|none:")]
    [InlineData("\e[31mred\e[32mgreen\e[mnone", "red:31|green:32|none:")]
    [InlineData("\e[38;5;196mone of 256\e[48;2;1;2;3mon a ground", "one of 256:38;5;196|on a ground:38;5;196;48;2;1;2;3")]
    [InlineData("\e[38;5mtoo short\e[38;2;1;2;999mtoo much", "too short:|too much:")]
    [InlineData("\e[8mhidden\e[5mblinking\e[99999999999999mnonsense", "hidden:|blinking:|nonsense:")]
    [InlineData("\e[2Jwiped\e]0;title\a\e[3", "\e[2Jwiped\e]0;title\a\e[3:")]
    public void Styles_are_taken_out_and_all_else_is_left(string line, string pieces) =>
        Assert.Equal(pieces, string.Join('|', new LogColours().Pieces(line).Select(piece => $"{piece.Text}:{piece.Codes}")));

    [Fact]
    public void What_is_in_force_at_the_end_of_a_line_goes_on_in_the_next()
    {
        var colours = new LogColours();
        Assert.Equal([("first", "31")], colours.Pieces("\e[31mfirst"));
        Assert.Equal([("second", "31"), ("third", "")], colours.Pieces("second\e[0mthird"));
    }

    [Fact]
    public void Codes_are_numbers_whatever_the_line_says() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>[]>(),
        parts => new LogColours().Pieces(string.Join("\e[", parts.Select(part => part.Get))).All(piece => piece.Codes.All(c => c is ';' || char.IsAsciiDigit(c)))).QuickCheckThrowOnFailure();
}
