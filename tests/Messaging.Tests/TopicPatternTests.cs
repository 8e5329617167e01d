using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Holoflow.Messaging.Tests;

public sealed class TopicPatternTests
{
    [Theory]
    [InlineData("offer.default", "offer.default", true)]
    [InlineData("offer.*", "offer.default", true)]
    [InlineData("offer.*", "offer.default.gpu", false)]
    [InlineData("offer.#", "offer", true)]
    [InlineData("offer.#", "offer.a.b", true)]
    [InlineData("#", "anything.at.all", true)]
    [InlineData("#.b", "b", true)]
    [InlineData("#.b", "a.c", false)]
    [InlineData("run.Failed.*", "run.Failed.default", true)]
    [InlineData("a.#.b.*", "a.x.y.b.c", true)]
    [InlineData("a.#.#", "a", true)]
    [InlineData("*", "a.b", false)]
    [InlineData("a.b", "a", false)]
    public void Matches_as_amqp_does(string pattern, string key, bool matches) => Assert.Equal(matches, TopicPattern.Matches(pattern, key));

    [Fact]
    public void Agrees_with_a_regular_expression_of_the_same_meaning()
    {
        var word = Gen.Elements("a", "b", "*", "#");
        var pattern = Gen.NonEmptyListOf(word).Select(w => string.Join('.', w));
        var key = Gen.NonEmptyListOf(Gen.Elements("a", "b", "c")).Select(w => string.Join('.', w));
        Check.QuickThrowOnFailure(Prop.ForAll(pattern.Zip(key).ToArbitrary(), pair => TopicPattern.Matches(pair.Item1, pair.Item2) == Expected(pair.Item1, pair.Item2)));
    }

    [Theory]
    [InlineData("b", false)]
    [InlineData("a", true)]
    public void A_pattern_of_many_wide_words_is_answered_as_soon_as_a_narrow_one(string last, bool matches)
    {
        var pattern = string.Join('.', Enumerable.Repeat("#.a", 40)) + ".#." + last;
        Assert.Equal(matches, TopicPattern.Matches(pattern, string.Join('.', Enumerable.Repeat("a", 200))));
    }

    // Every word carries its dot, so that "any number of words" has one meaning.
    static bool Expected(string pattern, string key)
    {
        var expression = string.Concat(pattern.Split('.').Select(w => w switch
        {
            "*" => @"[^.]+\.",
            "#" => @"([^.]+\.)*",
            _ => Regex.Escape(w) + @"\.",
        }));
        return Regex.IsMatch(key + ".", $"^{expression}$", RegexOptions.NonBacktracking);
    }
}
