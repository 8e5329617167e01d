using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Reduction;
using Holoflow.HolographyFlow.Validation;
using Holoflow.Sdk;

namespace Holoflow.HolographyFlow.Flows;

/// <summary>What admission is told beside the reports.</summary>
sealed record AdmissionRequest(HolographyParameters Parameters, Manifest Manifest, Workspace Workspace, string[] Ignored);

/// <summary>
/// H0 to H4: what there is to reduce. H0, H1 and H3 look at files that a person may have changed since, so a retried run executes them again; they take
/// a moment.
/// </summary>
static class ObservationTasks
{
    static readonly TaskOptions LookAgain = new() { PersistResult = false };

    // A moment each, and the first look at what a person gave: not worth a place in a queue.
    static readonly TaskOptions AtHand = new() { Cluster = ClusterUse.FlowProcess };

    public static readonly FlowTask<HolographyParameters, Manifest> ResolveSchedulingBlock = FlowTask.Define(
        "resolve-scheduling-block", (HolographyParameters parameters, TaskContext task) =>
        {
            var mistakes = ParameterRules.Mistakes(parameters, PathInspection.Inspect(parameters)).ToList();
            var workspace = Workspace.Of(parameters.Workdir, parameters.Sbid);
            Manifest? manifest = null;
            try
            {
                mistakes.AddRange(ManifestResolution.Resolve(FlowJson.Read<SchedulingBlock>(parameters.SchedulingBlockPath ?? workspace.SchedulingBlock), parameters, out manifest));
            }
            catch (InputException e)
            {
                mistakes.AddRange(e.Mistakes);
            }
            mistakes.AddRange(SourceModelFile.Mistakes(parameters.SourceModel));
            if (mistakes.Count > 0)
                throw new InputException(mistakes);
            Directory.CreateDirectory(workspace.Root);
            FlowJson.Write(workspace.Manifest, manifest);
            task.Log.Info("scheduling block {sbid}: {beams} beams of {footprint}, raster {columns} x {rows}, reference {reference}, receptors at {axis} degrees",
                manifest!.SchedulingBlockId, manifest.ExpectedBeams, manifest.Footprint.Name, manifest.RasterColumns, manifest.RasterRows, manifest.ReferenceAntenna, manifest.PolarizationAxisDegrees);
            return manifest;
        }, LookAgain with { Description = "H0: what was observed, from the scheduling block and the parameters", Tags = ["H0"] });

    public static readonly FlowTask<HolographyParameters, Inventory> StageMeasurementSets = FlowTask.Define(
        "stage-measurement-sets", async (HolographyParameters parameters, TaskContext task) =>
        {
            var workspace = Workspace.Of(parameters.Workdir, parameters.Sbid);
            Directory.CreateDirectory(workspace.Root);
            if (parameters.SourceDirectory is { } source)
            {
                var there = InventoryTaking.Take(source).Files;
                for (var k = 0; k < there.Length; k++)
                {
                    var staged = await Staging.CopyAsync(there[k].Path, Path.Combine(workspace.Root, Path.GetFileName(there[k].Path)), task.Cancellation);
                    if (staged.Length > 0)
                        FlowJson.Write(Path.Combine(workspace.Root, $"{Path.GetFileName(there[k].Path)}.sha256.json"), staged);
                    task.Progress(k + 1, there.Length, Path.GetFileName(there[k].Path));
                }
            }
            var inventory = InventoryTaking.Take(workspace.Root);
            task.Log.Info("{count} MeasurementSets of {gigabytes} GB", inventory.Files.Length, Math.Round(inventory.Files.Sum(file => file.Bytes) / 1e9, 3));
            return inventory;
        }, LookAgain with { Description = "H1: copies the MeasurementSets where they lie elsewhere, and lists them by beam", Tags = ["H1"] });

    public static readonly FlowTask<BeamFile, Manifest, Workspace, BeamReport> ValidateMeasurementSet = FlowTask.Define(
        "validate-measurement-set", (BeamFile file, Manifest manifest, Workspace workspace, TaskContext task) =>
        {
            var report = MeasurementSetValidation.Validate(file, manifest.ReferenceAntenna, (done, total) => task.Progress(done, total, "rows"), task.Cancellation);
            Directory.CreateDirectory(workspace.Reports);
            FlowJson.Write(workspace.Report(file.Path), report);
            foreach (var problem in report.Problems)
                task.Log.Error("{beam} cannot be used: {problem}", file, problem);
            return report;
        }, AtHand with { RunName = "validate-measurement-set {file}", Description = "H2: reads a MeasurementSet's tables and both ends of its data", Tags = ["H2"] });

    public static readonly FlowTask<AdmissionRequest, BeamReport[], ReductionPlan> Admit = FlowTask.Define(
        "admit", (AdmissionRequest request, BeamReport[] reports, TaskContext task) =>
        {
            var free = new DriveInfo(request.Workspace.Root).AvailableFreeSpace;
            var plan = Admission.Admission.Decide(new AdmissionInput(request.Manifest, request.Parameters, request.Workspace, reports, request.Ignored, free));
            foreach (var warning in plan.Warnings)
                task.Log.Warning("{warning}", warning);
            foreach (var missing in plan.Missing)
                task.Log.Warning("beam {beam} will be missing: {reason}", missing.Beam, missing.Reason);
            foreach (var dropped in plan.DroppedTargets)
                task.Log.Warning("antenna {name} takes no part in {beams} beams: {reason}", dropped.Name, dropped.Beams.Length, dropped.Reason);
            task.Log.Info("{beams} beams of {antennas} antennas and {channels} channels go on", plan.Beams.Length, plan.AntennaNames.Length, plan.FrequenciesHz.Length);
            return plan;
        }, LookAgain with { Description = "H3: decides which beams, antennas and channels go on", Tags = ["H3"] });

    public static readonly FlowTask<ReductionPlan, RasterOutcome> ExtractPointing = FlowTask.Define(
        "extract-pointing", (ReductionPlan plan, TaskContext task) =>
        {
            Directory.CreateDirectory(plan.Workspace.Intermediate);
            var key = PointingExtraction.KeyOf(plan);
            if (!StageKey.IsCurrent(plan.Workspace.Raster, key))
            {
                var (raster, integrations) = PointingExtraction.Extract(plan, task.Cancellation);
                RasterFile.Write(plan.Workspace.Raster, key, raster, integrations);
            }
            var achieved = RasterFile.Read(plan.Workspace.Raster, plan.Manifest.Raster()).Raster;
            string[] dropped = [.. achieved.Dropped.Where(d => d.Antenna != plan.Reference).Select(d => $"{plan.AntennaNames[d.Antenna]}: {d.Reason}")];
            foreach (var reason in dropped)
                task.Log.Warning("dropped: {reason}", reason);
            return new RasterOutcome(plan.Workspace.Raster, key, achieved.NominalOnly, dropped);
        }, AtHand with { Description = "H4: where the antennas stood at every raster point", Tags = ["H4"] });
}
