using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Products;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.HolographyFlow.Tests.Products;

public sealed class MergedBeamsTests
{
    [Fact]
    public void Defect_1_a_missing_beam_keeps_its_place_and_later_beams_keep_theirs()
    {
        var plan = TestPlan.Of(4) with { Missing = [new(1, "its MeasurementSet is missing")] };
        var merged = MergedBeams.Of(plan with { Manifest = plan.Manifest with { MinBeams = 2 } }, [Outcome(3), Outcome(0), Outcome(2).Reject("flagged")]);
        Assert.Equal([0, 1, 2, 3], merged.Slots.Select(slot => slot.Beam));
        Assert.Equal(["clean.0", null, null, "clean.3"], merged.Slots.Select(slot => slot.Cleaned));
        Assert.Equal(["its MeasurementSet is missing", "flagged"], merged.Absent.Select(slot => slot.Reason));
        Assert.False(merged.IsComplete);
    }

    [Fact]
    public void Too_few_beams_that_survive_are_refused_with_the_reasons()
    {
        var refusal = Assert.Throws<InputException>(() => MergedBeams.Of(TestPlan.Of(2), [Outcome(0), Outcome(1).Reject("95 % of its data are flagged")]));
        Assert.Contains("beam 1: 95 %", refusal.Message, StringComparison.Ordinal);
    }

    static BeamOutcome Outcome(int beam) => new(beam, $"clean.{beam}", $"key.{beam}", new BeamFigures());
}
