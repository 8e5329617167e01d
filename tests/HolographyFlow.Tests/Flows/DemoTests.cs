using Holoflow.HolographyFlow.Demo;
using Holoflow.HolographyFlow.Flows;
using Holoflow.Sdk.Testing;

namespace Holoflow.HolographyFlow.Tests.Flows;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demonstration_recovers_the_true_beams_within_the_goals()
    {
        using var folder = new TemporaryFolder();
        var run = await FlowTest.Run(DemoFlow.Demo, new DemoParameters { Folder = folder.Path });
        Assert.True(run.State.IsCompleted, $"{run.State}\n{run.Failure}");
        Assert.True(run.Result!.GoalsReached, string.Join('\n', run.Result.Figures.Select(f => $"{f.Name}: {f.Value} (goal {f.Goal})")));
    }
}
