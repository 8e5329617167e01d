using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Announcements;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Products;
using Holoflow.HolographyFlow.Reduction;
using Holoflow.Sdk;

namespace Holoflow.HolographyFlow.Flows;

/// <summary>
/// From the MeasurementSets of a holography observation to primary beams: H0 -> H1 -> H2 by beam -> H3 -> H4 -> (by beam: H5 -> H6 -> H7 + H8 -> H10) -> H9 ->
/// H11, H12, H13, H14 -> H15 -> H16 -> H17. HOLOGRAPHY section 9.1. On a cluster, all of a beam is one task: a job of an array.
/// </summary>
static class HolographyMainFlow
{
    [Flow(Name = "Holography Main Flow", Description = "Primary beams of a phased-array-feed telescope from its holography observation", Version = "0.1.0")]
    public static async Task<HolographyResult> Holography(HolographyParameters parameters, FlowContext flow)
    {
        var workspace = Workspace.Of(parameters.Workdir, parameters.Sbid);
        var announcements = new RunAnnouncements(parameters, workspace, flow);
        try
        {
            var resolving = ObservationTasks.ResolveSchedulingBlock.Submit(parameters);
            var manifest = await resolving;
            await announcements.Tell(FlowEventState.Started);
            var (plan, admitting) = await Admitted(parameters, manifest, workspace, resolving, flow);
            var raster = ObservationTasks.ExtractPointing.WaitFor(admitting).Submit(plan);
            var beams = flow.OnCluster ? BeamTasks.ReduceBeam.With(o => BeamTasks.InArray(o, plan.Parameters.Allocation)).Map(plan.Beams, plan, raster) : Beams(plan, raster);
            var merging = ProductTasks.MergeBeams.Submit(plan, beams);
            var cube = ProductTasks.WriteCube.Submit(plan, merging, raster);
            var taylor = ProductTasks.WriteTaylor.Submit(plan, merging, raster);
            var pointing = ProductTasks.ReportPointing.Submit(plan, merging);
            var quality = ProductTasks.AssessQuality.Submit(plan, merging, raster);
            var verifying = ProductTasks.VerifyProducts.WaitFor(pointing, quality).Submit(plan, merging, cube, taylor);
            await Follow(flow, beams);
            // In the order of the graph, so that the run fails with the cause and not with what it made impossible.
            var merged = await merging;
            await cube;
            await taylor;
            string[] more = [.. await pointing, .. (await quality).Files];
            var verified = await verifying;
            flow.Progress(0.95, "verified");
            var installing = parameters.BeamPath is null ? null : ProductTasks.InstallProducts.Submit(plan, verifying);
            InstalledProduct[] installed = installing is null ? [] : await installing;
            await ProductTasks.Announce.WaitFor(installing is null ? verifying : installing).Run(announcements.Event(FlowEventState.Completed), announcements.Target);
            flow.Progress(1, "done");
            string[] files = [.. verified, .. more];
            flow.Artifacts.Table("products", files.Select(file => new { Product = Path.GetFileName(file), Bytes = new FileInfo(file).Length, Folder = Path.GetDirectoryName(file) }), "Products");
            return new HolographyResult(workspace.Products, files, merged.IsComplete, [.. merged.Absent.Select(slot => slot.Beam)], (await quality).Status, installed);
        }
        catch (Exception) when (flow.Cancellation.IsCancellationRequested)
        {
            await announcements.Tell(FlowEventState.Cancelled);
            throw;
        }
        catch (Exception e)
        {
            await announcements.Tell(FlowEventState.Failed, e.Message);
            throw;
        }
    }

    static async Task<(ReductionPlan Plan, TaskFuture Admitting)> Admitted(
        HolographyParameters parameters, Manifest manifest, Workspace workspace, TaskFuture resolving, FlowContext flow)
    {
        var staging = ObservationTasks.StageMeasurementSets.WaitFor(resolving).Submit(parameters);
        var inventory = await staging;
        flow.Progress(0.02, "staged");
        // By value: a MeasurementSet that changed since an earlier attempt is validated again, the others are not.
        var reports = ObservationTasks.ValidateMeasurementSet.WaitFor(staging).Map(inventory.Files, manifest, workspace);
        var admitting = ObservationTasks.Admit.WaitFor(staging).Submit(new AdmissionRequest(parameters, manifest, workspace, inventory.Ignored), reports);
        var plan = await admitting;
        flow.Progress(0.05, "admitted");
        return (plan, admitting);
    }

    static TaskFutures<BeamOutcome> Beams(ReductionPlan plan, TaskFuture<RasterOutcome> raster)
    {
        var resources = BeamTasks.Resources(plan.Parameters.Allocation);
        TaskOptions Allocated(TaskOptions options) => BeamTasks.WithinWalltime(options with { Resources = resources });
        var voltages = BeamTasks.ExtractVoltages.With(Allocated).Map(plan.Beams, plan, raster);
        var flags = BeamTasks.FlagInterference.With(Allocated).Map(plan.Beams, voltages, plan);
        var means = BeamTasks.ReduceToMean.With(Allocated).Map(plan.Beams, flags, plan, raster);
        return BeamTasks.CleanSpectra.With(BeamTasks.WithinWalltime).Map(plan.Beams, means, plan);
    }

    static async Task Follow(FlowContext flow, TaskFutures<BeamOutcome> beams)
    {
        for (var done = 0; done < beams.Count; done++)
        {
            await beams[done].Wait(flow.Cancellation);
            flow.Progress(0.05 + (0.75 * (done + 1) / beams.Count), $"{done + 1} of {beams.Count} beams");
        }
        await beams.Results(flow.Cancellation);
    }
}
