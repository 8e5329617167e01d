using Holoflow.Api.Tests.Fixture;
using Holoflow.Client;

namespace Holoflow.Api.Tests;

/// <summary>The limits of tags.</summary>
public sealed class ConcurrencyLimitTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_limit_is_made_changed_listed_shown_and_removed()
    {
        await using var api = await RunningApi.Start();
        var limits = api.Client.ConcurrencyLimits;
        Assert.True((await limits.Set("gpu card", 2, Cancellation)).Changed);
        Assert.False((await limits.Set("gpu card", 2, Cancellation)).Changed);
        await limits.Set("gpu card", 3, Cancellation);
        await limits.Set("a licence", 1, Cancellation);
        Assert.Equal(["a licence 1", "gpu card 3"], (await limits.List(Cancellation)).Select(l => $"{l.Tag} {l.Slots}"));
        var one = await limits.Get("gpu card", Cancellation);
        Assert.Equal((3, 2L, 0), (one.Slots, one.Revision, one.Holders.Count));
        await limits.Delete("gpu card", Cancellation);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiRefusedException>(() => limits.Get("gpu card", Cancellation))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiRefusedException>(() => limits.Delete("gpu card", Cancellation))).Status);
    }

    [Fact]
    public async Task A_limit_that_makes_no_sense_is_refused_by_the_name_of_its_field()
    {
        await using var api = await RunningApi.Start();
        var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.ConcurrencyLimits.Set("gpu", -1, Cancellation));
        Assert.Equal(400, refused.Status);
        Assert.Contains("slots", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await api.Client.ConcurrencyLimits.List(Cancellation));
    }
}
