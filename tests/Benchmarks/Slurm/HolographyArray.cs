using System.Globalization;
using System.Text.Json;
using Holoflow.HolographyFlow.Flows;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Simulation;
using Holoflow.Sdk.Testing;
using Holoflow.Servers;

namespace Holoflow.SlurmBenchmarks;

/// <summary>
/// The 36 beams of the holography flow as its job array, beside the same beams by the same code in a plain sbatch array, by turns in the same run. Ours is
/// from the last task before the array to the last beam's end in the run's journal; the plain one from the call of sbatch to its last file.
/// </summary>
static class HolographyArray
{
    const int Sbid = 36;
    const double Goal = 1.1;

    // One job a node at a time.
    static readonly AllocationParameters Allocation = new() { Cores = 1, MemoryGigabytes = 2.5, WalltimeMinutes = 10 };
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static async Task<int> Run(int rounds)
    {
        await using var cluster = await SlurmCluster.Start();
        var parameters = new HolographyParameters { Sbid = Sbid, Workdir = cluster.Directory, MinAntennas = 3, Allocation = Allocation };
        var workspace = Workspace.Of(parameters.Workdir, Sbid);
        Require(await FlowTest.Run(SimulateFlow.Simulate, new SimulateParameters
        {
            Sbid = Sbid, Workdir = cluster.Directory, Antennas = 5, Footprint = "closepack36", Channels = 48, RasterColumns = 11, RasterRows = 11, IntegrationsPerPoint = 1, WithoutTruth = true,
        }));
        var prepared = Require(await FlowTest.Run(_ => Prepare(parameters, workspace)));
        var work = Path.Combine(cluster.Directory, "work.json");
        FlowJson.Write(work, prepared);
        var (ours, plain) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            var first = await Plain(cluster, work, prepared);
            // The flow finds nothing of what the plain array has made.
            Directory.Delete(workspace.Intermediate, recursive: true);
            var run = await MeasuredRun.Of(
                cluster, "Holography", JsonSerializer.Serialize(parameters, Json), "Holoflow.HolographyFlow.dll", "partition: work\ncores: 1\nmemory: 1500MiB\nwalltime: 30\nmaximum_allocations: 1\n");
            var second = (run.Finished("reduce-beam") - run.Finished("extract-pointing")).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"36 beams, four nodes, load {Load()}: plain sbatch array {first:0.0} s, the flow's array {second:0.0} s"));
            (ours, plain) = (Math.Min(ours, second), Math.Min(plain, first));
            foreach (var file in Directory.GetFiles(workspace.Intermediate).Where(file => file != workspace.Raster))
                File.Delete(file);
            Directory.Delete(workspace.Products, recursive: true);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the flow's array over the plain one, best of {rounds}: {ours / plain:0.00} (goal: at most {Goal}) {(ours <= Goal * plain ? "reached" : "MISSED")}"));
        return ours <= Goal * plain ? 0 : 1;
    }

    static async Task<PlainWork> Prepare(HolographyParameters parameters, Workspace workspace)
    {
        var manifest = await ObservationTasks.ResolveSchedulingBlock.Submit(parameters);
        var inventory = await ObservationTasks.StageMeasurementSets.Submit(parameters);
        var reports = ObservationTasks.ValidateMeasurementSet.Map(inventory.Files, manifest, workspace);
        var plan = await ObservationTasks.Admit.Submit(new AdmissionRequest(parameters, manifest, workspace, inventory.Ignored), reports);
        return new PlainWork(plan, await ObservationTasks.ExtractPointing.Submit(plan));
    }

    static async Task<double> Plain(SlurmCluster cluster, string work, PlainWork prepared)
    {
        var script = Path.Combine(cluster.Directory, "plain.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "Holoflow.SlurmBenchmarks.dll")} beam {work} $SLURM_ARRAY_TASK_ID\n");
        var before = TimeProvider.System.GetUtcNow().UtcDateTime;
        await cluster.Ask(
            "sbatch", $"--array=0-{prepared.Plan.Beams.Length - 1}", "--cpus-per-task=1", "--mem=2560", "--time=10", $"--chdir={cluster.Directory}", "--output=plain-%a.out", script);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while ((await cluster.Ask("squeue", "--noheader", "--states=PD,R,CG")).Trim().Length > 0)
            await tick.WaitForNextTickAsync();
        var done = prepared.Plan.Beams.Select(beam => new FileInfo(prepared.Plan.Workspace.BeamFile("clean", beam.Beam))).ToList();
        return done.All(file => file.Exists)
            ? (done.Max(file => file.LastWriteTimeUtc) - before).TotalSeconds
            : throw new InvalidOperationException($"the plain array made {done.Count(file => file.Exists)} of {done.Count} beams; {File.ReadAllText(Path.Combine(cluster.Directory, "plain-0.out"))}");
    }

    static T Require<T>(FlowTestResult<T> run) => run.State.IsCompleted ? run.Result : throw new InvalidOperationException($"{run.State}\n{run.Failure}");

    static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
