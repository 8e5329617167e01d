using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Announcements;
using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Products;
using Holoflow.HolographyFlow.Quality;
using Holoflow.HolographyFlow.Reduction;
using Holoflow.Sdk;

namespace Holoflow.HolographyFlow.Flows;

/// <summary>H9 and H11 to H17: the products of all beams.</summary>
static class ProductTasks
{
    static readonly TaskOptions Products = new()
    {
        Resources = new TaskResources { Cores = 2, MemoryBytes = 2L << 30, Walltime = TimeSpan.FromMinutes(20) },
    };

    static readonly TaskOptions AtHand = new() { Cluster = ClusterUse.FlowProcess };

    public static readonly FlowTask<ReductionPlan, BeamOutcome[], MergedBeams> MergeBeams = FlowTask.Define(
        "merge-beams", (ReductionPlan plan, BeamOutcome[] beams, TaskContext task) =>
        {
            var merged = MergedBeams.Of(plan, beams);
            foreach (var slot in merged.Absent)
                task.Log.Warning("beam {beam} is missing in the products: {reason}", slot.Beam, slot.Reason);
            return merged;
        }, new() { Description = "H9: puts every beam in the place of its number", Tags = ["H9"] });

    public static readonly FlowTask<ReductionPlan, MergedBeams, RasterOutcome, string[]> WriteCube = FlowTask.Define(
        "write-cube", (ReductionPlan plan, MergedBeams merged, RasterOutcome raster, TaskContext task) =>
        {
            var names = ProductFiles.Names(plan);
            string cube = ProductFiles.PathOf(plan, names.Cube), weight = ProductFiles.PathOf(plan, names.Weight);
            CubeWriting.Write(plan, merged, raster.IsNominal, cube, weight, (done, total) => task.Progress(done, total, "beams"), task.Cancellation);
            return new[] { cube, weight };
        }, Products with { Description = "H11: the cube and its weights, streamed", Tags = ["H11"] });

    public static readonly FlowTask<ReductionPlan, MergedBeams, RasterOutcome, string> WriteTaylor = FlowTask.Define(
        "write-taylor", (ReductionPlan plan, MergedBeams merged, RasterOutcome raster, TaskContext task) =>
        {
            var path = ProductFiles.PathOf(plan, ProductFiles.Names(plan).Taylor);
            TaylorWriting.Write(plan, merged, raster.IsNominal, path, task.Cancellation);
            return path;
        }, Products with { Description = "H12: Taylor terms in frequency", Tags = ["H12"] });

    public static readonly FlowTask<ReductionPlan, MergedBeams, string[]> ReportPointing = FlowTask.Define(
        "pointing-report", (ReductionPlan plan, MergedBeams merged, TaskContext task) =>
        {
            var names = ProductFiles.Names(plan);
            string csv = ProductFiles.PathOf(plan, names.PointingReport), table = ProductFiles.PathOf(plan, names.PointingTable);
            var lines = PointingReport.Measure(plan, merged);
            PointingReport.WriteCsv(csv, lines);
            PointingReport.WriteTable(table, lines);
            task.Artifacts.Table("pointing", lines.Where(line => line.Beam < 0), "Pointing by antenna, all beams");
            return new[] { csv, table };
        }, AtHand with { Description = "H13: pointing offsets by antenna and beam", Tags = ["H13"] });

    public static readonly FlowTask<ReductionPlan, MergedBeams, RasterOutcome, QualityOutcome> AssessQuality = FlowTask.Define(
        "qa-plots", (ReductionPlan plan, MergedBeams merged, RasterOutcome raster, TaskContext task) =>
        {
            var names = ProductFiles.Names(plan);
            var survey = QualitySurvey.Take(plan, merged, task.Cancellation);
            var report = QualityReport.Of(plan, merged, raster, survey);
            var file = ProductFiles.PathOf(plan, names.QualityReport);
            FlowJson.Write(file, report);
            var pictures = QualityPictures.Draw(plan, merged, survey, what => ProductFiles.PathOf(plan, names.Picture(what)), (done, total) => task.Progress(done, total, "pictures"), task.Cancellation);
            foreach (var picture in pictures)
                task.Artifacts.Image(picture.Name, picture.Path, picture.Title);
            task.Artifacts.Table("qa", report.Checks, $"Quality: {report.Status}");
            task.Artifacts.Markdown("qa-summary", report.ToMarkdown(), "Quality");
            return new QualityOutcome(report.Status, [file, .. pictures.Select(picture => picture.Path)]);
        }, AtHand with { Description = "H14: pictures and qa.json", Tags = ["H14"] });

    public static readonly FlowTask<ReductionPlan, MergedBeams, string[], string, string[]> VerifyProducts = FlowTask.Define(
        "verify-products", (ReductionPlan plan, MergedBeams merged, string[] cube, string taylor, TaskContext task) =>
        {
            string[] problems = [.. ProductVerification.CheckCube(cube[0], plan, merged), .. ProductVerification.CheckTaylor(taylor, plan, merged)];
            if (problems.Length > 0)
                throw new InputException(problems);
            task.Log.Info("the products are as linmos needs them");
            return new[] { cube[0], taylor, cube[1] };
        }, new() { PersistResult = false, Description = "H15: reopens the products and checks what linmos relies on", Tags = ["H15"] });

    public static readonly FlowTask<ReductionPlan, string[], InstalledProduct[]> InstallProducts = FlowTask.Define(
        "install-products", async (ReductionPlan plan, string[] files, TaskContext task) =>
        {
            var installed = await Installation.InstallAsync(files, plan.Parameters.BeamPath!, plan.Parameters.ReplaceInstalled, task.Cancellation);
            foreach (var product in installed)
                task.Log.Info("{path}: {action}", product.Path, product.Action);
            return installed;
        }, new() { PersistResult = false, Description = "H16: puts the products into the beam folder, never over a differing file", Tags = ["H16"] });

    public static readonly FlowTask<FlowEvent, string, Nothing> Announce = FlowTask.Define(
        "announce", (FlowEvent announced, string target, TaskContext task) => Announcers.To(target).AnnounceAsync(announced, task.Cancellation),
        AtHand with { Retries = 3, RetryDelays = RetryDelays.Exponential(TimeSpan.FromSeconds(1)), Description = "H17: tells the observatory", Tags = ["H17"] });
}
