using Holoflow.Load.Chaos;

namespace Holoflow.Stack.Tests;

/// <summary>The short form of <c>dotnet run --project tests/Load -- chaos</c>: a checker that knows what was submitted finds nothing lost and nothing doubled.</summary>
public sealed class ChaosTests
{
    [Fact(Timeout = 900_000)]
    public async Task Each_service_and_each_agent_killed_three_times_under_load_loses_and_doubles_nothing()
    {
        var result = await ChaosRun.Run(kills: 3, seed: Random.Shared.Next());
        TestContext.Current.SendDiagnosticMessage(result.ToString());
        Assert.True(result.Faults.Count == 0, result.ToString());
        Assert.Equal(18, result.Kills);
        Assert.InRange(result.Runs, 18, int.MaxValue);
    }
}
