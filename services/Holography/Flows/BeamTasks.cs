using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Reduction;
using Holoflow.Sdk;

namespace Holoflow.HolographyFlow.Flows;

/// <summary>
/// H5 to H8 and H10 of one beam. Each is idempotent: it takes up its own file where that is whole and of the same inputs. Retries cover what passes by itself:
/// a file system that hiccups, a machine with too much to do. The first input names the beam in each task run's name.
/// </summary>
static class BeamTasks
{
    static readonly TaskOptions OneBeam = new()
    {
        Retries = 1,
        RetryDelays = RetryDelays.Fixed(TimeSpan.FromSeconds(5)),
        RetryIf = failure => failure is TaskTimedOutException or AllocationFailedException || (failure is IOException && !IsDiskFull(failure)),
        Resources = new TaskResources { Cores = 2, MemoryBytes = 4L << 30, Walltime = TimeSpan.FromMinutes(30) },
    };

    public static readonly FlowTask<BeamFile, ReductionPlan, RasterOutcome, BeamOutcome> ExtractVoltages = FlowTask.Define(
        "extract-voltages", (BeamFile file, ReductionPlan plan, RasterOutcome raster, TaskContext task) =>
            Told(BeamStages.ExtractVoltages(file, plan, raster, (done, total) => task.Progress(done, total, "rows"), task.Cancellation), task),
        OneBeam with { RunName = "extract-voltages {file}", Description = "H5: averages the reference antenna's rows by raster point", Tags = ["H5"] });

    public static readonly FlowTask<BeamFile, BeamOutcome, ReductionPlan, BeamOutcome> FlagInterference = FlowTask.Define(
        "flag-rfi", (BeamFile file, BeamOutcome voltages, ReductionPlan plan, TaskContext task) => Told(BeamStages.FlagInterference(voltages, plan, task.Cancellation), task),
        OneBeam with { RunName = "flag-rfi {file}", Description = "H6: looks for interference", Tags = ["H6"] });

    public static readonly FlowTask<BeamFile, BeamOutcome, ReductionPlan, RasterOutcome, BeamOutcome> ReduceToMean = FlowTask.Define(
        "regrid-and-mean", (BeamFile file, BeamOutcome flags, ReductionPlan plan, RasterOutcome raster, TaskContext task) =>
            Told(BeamStages.ReduceToMean(flags, plan, raster, fraction => task.Progress(fraction), task.Cancellation), task),
        OneBeam with { RunName = "regrid-and-mean {file}", Description = "H7 and H8: regrids and normalises voltages, forms Stokes, averages over antennas", Tags = ["H7", "H8"] });

    public static readonly FlowTask<BeamFile, BeamOutcome, ReductionPlan, BeamOutcome> CleanSpectra = FlowTask.Define(
        "clean-spectra", (BeamFile file, BeamOutcome mean, ReductionPlan plan, TaskContext task) => Told(BeamStages.CleanSpectra(mean, plan, task.Cancellation), task),
        OneBeam with
        {
            RunName = "clean-spectra {file}",
            Description = "H10: fits a robust polynomial in frequency to every pixel",
            Tags = ["H10"],
            Resources = new TaskResources { Cores = 2, MemoryBytes = 2L << 30, Walltime = TimeSpan.FromMinutes(15) },
        });

    /// <summary>All of a beam in one allocation: a second attempt takes up the files of the steps that were done.</summary>
    public static readonly FlowTask<BeamFile, ReductionPlan, RasterOutcome, BeamOutcome> ReduceBeam = FlowTask.Define(
        "reduce-beam", (BeamFile file, ReductionPlan plan, RasterOutcome raster, TaskContext task) =>
        {
            var voltages = BeamStages.ExtractVoltages(file, plan, raster, (done, total) => task.Progress(0.2 * done / Math.Max(1, total), "voltages"), task.Cancellation);
            var flags = BeamStages.FlagInterference(voltages, plan, task.Cancellation);
            var mean = BeamStages.ReduceToMean(flags, plan, raster, fraction => task.Progress(0.3 + (0.5 * fraction), "mean"), task.Cancellation);
            return Told(BeamStages.CleanSpectra(mean, plan, task.Cancellation), task);
        },
        OneBeam with { RunName = "reduce-beam {file}", Description = "H5 to H8 and H10 in one allocation of a cluster", Tags = ["H5", "H6", "H7", "H8", "H10"] });

    /// <summary>The task as jobs of one array, sized by the parameters.</summary>
    public static TaskOptions InArray(TaskOptions options, Parameters.AllocationParameters allocation) => WithinWalltime(options with
    {
        Resources = Resources(allocation),
        Cluster = ClusterUse.Array(allocation.Pack, allocation.Throttle),
    });

    /// <summary>The task, with as much time for one execution as its walltime.</summary>
    public static TaskOptions WithinWalltime(TaskOptions options) => options with { Timeout = options.Resources.Walltime };

    /// <summary>The resources that the parameters give.</summary>
    public static TaskResources Resources(Parameters.AllocationParameters allocation) => new()
    {
        Cores = allocation.Cores,
        MemoryBytes = (long)(allocation.MemoryGigabytes * (1L << 30)),
        Walltime = TimeSpan.FromMinutes(allocation.WalltimeMinutes),
    };

    static BeamOutcome Told(BeamOutcome outcome, TaskContext task)
    {
        if (outcome.Rejection is not null)
            task.Log.Error("beam {beam} is out: {reason}", outcome.Beam, outcome.Rejection);
        else if (outcome.Figures.Warnings.LastOrDefault() is { } warning)
            task.Log.Warning("{warning}", warning);
        return outcome;
    }

    // ENOSPC and EDQUOT do not pass by themselves.
    static bool IsDiskFull(Exception failure) => (failure.HResult & 0xFFFF) is 28 or 122;
}
