using FsCheck;
using FsCheck.Fluent;

namespace Holoflow.Sdk.Tests.Tasks;

public class RetryDelaysTests
{
    [Fact]
    public void AFixedListEndsInItsLastDelay()
    {
        var delays = RetryDelays.Fixed(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Equal([1, 10, 10, 10], Enumerable.Range(1, 4).Select(retry => delays.Before(retry, 0.3).TotalSeconds));
    }

    [Fact]
    public void ExponentialDelaysStayWithinTheirJitterAndTheirLimit() =>
        Prop.ForAll(
            Gen.Choose(1, 40).ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(),
            (retry, random, jitter) =>
            {
                var longest = TimeSpan.FromMinutes(10);
                var delay = RetryDelays.Exponential(TimeSpan.FromSeconds(2), 2, jitter / 100.0, longest).Before(retry, random / 1000.0).TotalSeconds;
                var nominal = Math.Min(2 * Math.Pow(2, retry - 1), longest.TotalSeconds);
                return delay >= 0 && delay <= longest.TotalSeconds && delay >= nominal * (1 - jitter / 100.0) - 1e-6 && delay <= nominal * (1 + jitter / 100.0) + 1e-6;
            }).QuickCheckThrowOnFailure();
}
