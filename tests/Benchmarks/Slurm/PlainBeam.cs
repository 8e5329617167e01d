using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Reduction;

namespace Holoflow.SlurmBenchmarks;

/// <summary>What a job of the plain array is given: what the flow's tasks before it have found.</summary>
sealed record PlainWork(ReductionPlan Plan, RasterOutcome Raster);

/// <summary>One beam as a person without a workflow system would reduce it: the same stages, called one after another.</summary>
static class PlainBeam
{
    public static int Run(string workFile, int index)
    {
        var (plan, raster) = FlowJson.Read<PlainWork>(workFile);
        var voltages = BeamStages.ExtractVoltages(plan.Beams[index], plan, raster, (_, _) => { }, CancellationToken.None);
        var mean = BeamStages.ReduceToMean(BeamStages.FlagInterference(voltages, plan, CancellationToken.None), plan, raster, _ => { }, CancellationToken.None);
        return BeamStages.CleanSpectra(mean, plan, CancellationToken.None).Rejection is null ? 0 : 1;
    }
}
