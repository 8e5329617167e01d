using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Simulation;
using Holoflow.Sdk;

namespace Holoflow.HolographyFlow.Flows;

/// <summary>What a simulation left.</summary>
/// <param name="Folder">workdir/sbid.</param>
/// <param name="MeasurementSets">By beam; those that a fault removed are not there.</param>
/// <param name="Truth">truth.fits; null where it was left out.</param>
sealed record SimulationResult(string Folder, string[] MeasurementSets, string? Truth);

/// <summary>Makes an observation of known truth: a MeasurementSet a beam, its scheduling block, and the truth. HOLOGRAPHY section 10.</summary>
static class SimulateFlow
{
    static readonly FlowTask<SimulateParameters, SchedulingBlock> PlanObservation = FlowTask.Define(
        "plan-observation", (SimulateParameters parameters, TaskContext task) =>
        {
            var observation = new SimulatedObservation(parameters);
            var workspace = Workspace.Of(parameters.Workdir, parameters.Sbid);
            string[] present = Directory.Exists(workspace.Root) ? Directory.GetDirectories(workspace.Root, "*.ms") : [];
            // Only what this flow writes under its own names is ever replaced.
            string[] own = [.. present.Where(path => IsOwn(path, parameters.Sbid))];
            if (own.Length > 0 && !parameters.Replace || own.Length < present.Length)
                throw new InputException([$"{workspace.Root} holds {present.Length} MeasurementSets already: take another sbid{(own.Length == present.Length ? ", or give replace" : "")}"]);
            foreach (var path in own)
                Directory.Delete(path, recursive: true);
            Directory.CreateDirectory(workspace.Root);
            FlowJson.Write(workspace.SchedulingBlock, observation.Block);
            task.Log.Info("{beams} beams, {antennas} antennas, {channels} channels, {points} raster points", observation.Beams, parameters.Antennas, parameters.Channels, observation.Options.Raster.Count);
            return observation.Block;
        }, new() { Description = "Draws the observation's errors and writes its scheduling block" });

    static readonly FlowTask<int, SimulateParameters, string?> WriteMeasurementSet = FlowTask.Define(
        "write-measurement-set", (int beam, SimulateParameters parameters, TaskContext task) =>
        {
            var observation = new SimulatedObservation(parameters);
            var path = Path.Combine(Workspace.Of(parameters.Workdir, parameters.Sbid).Root, $"SB{parameters.Sbid}_{beam}.ms");
            // What an attempt that was killed has left.
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            new MeasurementSetSimulation(observation, beam).Write(path, (done, total) => task.Progress(done, total, "integrations"), task.Cancellation);
            FileFaults.Apply(observation, beam, path);
            return Directory.Exists(path) ? path : null;
        }, new() { RunName = "write-measurement-set beam {beam}", Description = "Writes the visibilities of one beam" });

    static readonly FlowTask<SimulateParameters, string> WriteTruth = FlowTask.Define(
        "write-truth", (SimulateParameters parameters, TaskContext task) =>
        {
            var path = Path.Combine(Workspace.Of(parameters.Workdir, parameters.Sbid).Root, TruthFile.FileName);
            TruthFile.Write(path, new SimulatedObservation(parameters), (done, total) => task.Progress(done, total, "beams"), task.Cancellation);
            return path;
        }, new() { Description = "Writes what the beams truly are" });

    [Flow(Name = "simulate", Description = "A holography observation of known truth, with faults on request", Version = "0.1.0")]
    public static async Task<SimulationResult> Simulate(SimulateParameters parameters, FlowContext flow)
    {
        var planning = PlanObservation.Submit(parameters);
        var block = await planning;
        var sets = WriteMeasurementSet.WaitFor(planning).Map(Enumerable.Range(0, block.ExpectedBeams!.Value).ToArray(), parameters);
        var truth = parameters.WithoutTruth ? null : WriteTruth.WaitFor(planning).Submit(parameters);
        var paths = await sets;
        return new SimulationResult(Workspace.Of(parameters.Workdir, parameters.Sbid).Root, [.. paths.OfType<string>()], truth is null ? null : await truth);
    }

    static bool IsOwn(string path, int sbid)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.StartsWith($"SB{sbid}_", StringComparison.Ordinal) || name.StartsWith("copy_", StringComparison.Ordinal);
    }
}
