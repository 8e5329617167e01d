using Holoflow.Holography.Averaging;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>How much of a beam's voltages is flagged.</summary>
static class FlaggedFraction
{
    /// <summary>Over the target antennas that have any hit, 0 to 1; 1 where there are none.</summary>
    public static double Of(BeamVoltages voltages, int reference)
    {
        double[] fractions = [.. Enumerable.Range(0, voltages.Antennas)
            .Where(a => a != reference && voltages.Hits[a].AsSpan().ContainsAnyExcept(0))
            .Select(voltages.FlaggedFraction)];
        return fractions.Length == 0 ? 1 : fractions.Average();
    }
}
