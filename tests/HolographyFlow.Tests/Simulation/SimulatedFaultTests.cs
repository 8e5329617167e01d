using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Simulation;

namespace Holoflow.HolographyFlow.Tests.Simulation;

public sealed class SimulatedFaultTests
{
    [Theory]
    [InlineData("missing-beam:2", SimulatedFault.MissingBeam, 2)]
    [InlineData("not-a-number", SimulatedFault.NotANumber, null)]
    internal void A_fault_is_named_with_its_beam_or_without(string text, SimulatedFault fault, int? beam)
    {
        Assert.True(PlacedFault.TryRead(text, out var placed));
        Assert.Equal(new PlacedFault(fault, beam), placed);
    }

    [Theory]
    [InlineData("gremlins")]
    [InlineData("missing-beam:x")]
    [InlineData("missing-beam:1:2")]
    [InlineData("3")]
    [InlineData("")]
    public void Other_words_are_refused(string text) => Assert.False(PlacedFault.TryRead(text, out _));

    [Fact]
    public void All_mistakes_of_the_parameters_are_named_at_once()
    {
        var refusal = Assert.Throws<InputException>(() => new SimulatedObservation(
            new SimulateParameters { Workdir = "/missing", Faults = ["gremlins"], ReferenceAntenna = 9, OutputPixels = 100, Beams = 5, BeamModel = "meerkat", FirstFrequencyMegahertz = 400 }));
        Assert.Equal(6, refusal.Mistakes.Count);
    }
}
