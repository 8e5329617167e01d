using FsCheck;
using FsCheck.Fluent;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Tests;

public sealed class RoutingWordTests
{
    [Theory]
    [InlineData("default", "default")]
    [InlineData("big.mem", "big_2emem")]
    [InlineData("a_b", "a_5fb")]
    [InlineData("#", "_23")]
    public void Escapes_all_but_letters_digits_and_hyphens(string text, string word) => Assert.Equal(word, RoutingWord.Of(text));

    [Fact]
    public void Different_texts_make_different_single_words() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonEmptyString, NonEmptyString>((a, b) =>
            IsWord(RoutingWord.Of(Wellformed(a))) && (Wellformed(a) == Wellformed(b)) == (RoutingWord.Of(Wellformed(a)) == RoutingWord.Of(Wellformed(b)))));

    [Fact]
    public void A_long_text_makes_a_word_that_fits_and_is_its_own()
    {
        var (one, other) = (new string('ü', 250), new string('ü', 249) + "x");
        Assert.InRange(RoutingWord.Of(one).Length, 1, RoutingWord.Longest);
        Assert.True(IsWord(RoutingWord.Of(one)));
        Assert.NotEqual(RoutingWord.Of(one), RoutingWord.Of(other));
    }

    // A lone surrogate is no text: UTF-8 has no form for it.
    static string Wellformed(NonEmptyString text) => string.Concat(text.Get.EnumerateRunes().Select(r => r.ToString()));

    static bool IsWord(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
