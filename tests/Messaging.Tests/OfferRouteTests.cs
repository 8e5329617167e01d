using FsCheck;
using FsCheck.Fluent;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Tests;

public sealed class OfferRouteTests
{
    static readonly Gen<string> Tag = Gen.OneOf(
        Gen.Elements("a", "b", "c", "a.b", "#", "*", "__", "größer"), Gen.Choose(0, 30).Select(i => $"tag{i}"), Gen.Choose(60, 250).Select(length => new string('t', length)));

    static readonly Arbitrary<(string[] Wanted, string[] Carried)> Cases = Arb.From(
        from carried in Tag.ArrayOf()
        from more in Tag.ArrayOf()
        from isSubset in Gen.Elements(true, false)
        select (isSubset ? carried.Where((_, i) => i % 2 == 0).ToArray() : more, carried));

    [Fact]
    public void A_subscription_gets_an_offer_exactly_where_the_run_carries_all_its_tags() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Cases, c =>
        {
            var key = OfferRoute.Key("default", c.Carried);
            var isTold = OfferRoute.Pattern("default", c.Wanted).Split(',').Any(pattern => TopicPattern.Matches(pattern, key));
            var isCarried = c.Wanted.All(c.Carried.Contains);
            // Where tags are too long for the wire, more hear of the run than take it; never fewer.
            return key == "offer.default.__" || OfferRoute.Pattern("default", c.Wanted) == "offer.default.#" ? isTold : isTold == isCarried;
        }));

    [Fact]
    public void What_goes_over_the_wire_fits_and_other_queues_hear_nothing() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Cases, c =>
            OfferRoute.Key("default", c.Carried).Length <= OfferRoute.Longest
            && OfferRoute.Queue("default", c.Wanted).Length <= OfferRoute.Longest
            && OfferRoute.Pattern("default", c.Wanted).Split(',').All(p => p.Length <= OfferRoute.Longest && !TopicPattern.Matches(p, OfferRoute.Key("default-2", c.Carried)))));

    [Fact]
    public void Agents_that_ask_for_the_same_share_a_queue_and_others_do_not()
    {
        Assert.Equal(OfferRoute.Queue("q", ["b", "a", "a"]), OfferRoute.Queue("q", ["a", "b"]));
        Assert.NotEqual(OfferRoute.Queue("q", ["a"]), OfferRoute.Queue("q", ["b"]));
        Assert.NotEqual(OfferRoute.Queue("q", [new string('x', 250), new string('y', 250), "a", "b", "c"]), OfferRoute.Queue("q", [new string('x', 250), new string('y', 250), "a", "b", "d"]));
    }
}
