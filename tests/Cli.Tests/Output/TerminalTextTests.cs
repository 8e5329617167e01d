using FsCheck;
using FsCheck.Fluent;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Tests.Output;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[2J\e]0;title\a", "␛[2J␛]0;title␇")]
    [InlineData("a\r\nb\tc\0", "a␍␊b c␀")]
    [InlineData("\u009b31m\u007f", "\uFFFD31m␡")]
    [InlineData("abc\u202Edef", "abc\uFFFDdef")]
    [InlineData("🛰 λ 干", "🛰 λ 干")]
    public void Nothing_in_a_text_is_obeyed_by_the_terminal(string text, string shown) => Assert.Equal(shown, TerminalText.Line(text));

    [Fact]
    public void No_control_character_ever_comes_through() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(), text => !TerminalText.Line(text.Get).Any(char.IsControl)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abcdef", 1, "…")]
    [InlineData("abcdef", 0, "")]
    [InlineData("干涉测量", 8, "干涉测量")]
    [InlineData("干涉测量", 7, "干涉测…")]
    [InlineData("干涉测量", 6, "干涉…")]
    public void A_line_is_cut_to_cells(string text, int cells, string shown) => Assert.Equal(shown, TerminalText.Fit(text, cells));

    [Fact]
    public void A_cut_line_never_exceeds_its_cells() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(), Gen.Choose(0, 40).ToArbitrary(), (text, cells) => TerminalText.Cells(TerminalText.Fit(text.Get, cells)) <= cells).QuickCheckThrowOnFailure();
}
