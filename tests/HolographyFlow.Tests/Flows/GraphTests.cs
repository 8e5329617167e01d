using System.Text.Json;

namespace Holoflow.HolographyFlow.Tests.Flows;

public sealed class GraphTests(ReducedObservation reduced) : IClassFixture<ReducedObservation>
{
    [Fact]
    public void The_graph_is_that_of_the_design()
    {
        var names = reduced.Run.TaskRuns.ToDictionary(task => task.Key, task => task.TaskName);
        var edges = reduced.Run.Edges.Select(edge => $"{names[edge.From]} -> {names[edge.To]}").Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(
            new[]
            {
                "admit -> extract-pointing",
                "clean-spectra -> merge-beams",
                "extract-pointing -> extract-voltages",
                "extract-pointing -> qa-plots",
                "extract-pointing -> regrid-and-mean",
                "extract-pointing -> write-cube",
                "extract-pointing -> write-taylor",
                "extract-voltages -> flag-rfi",
                "flag-rfi -> regrid-and-mean",
                "merge-beams -> pointing-report",
                "merge-beams -> qa-plots",
                "merge-beams -> verify-products",
                "merge-beams -> write-cube",
                "merge-beams -> write-taylor",
                "pointing-report -> verify-products",
                "qa-plots -> verify-products",
                "regrid-and-mean -> clean-spectra",
                "resolve-scheduling-block -> stage-measurement-sets",
                "stage-measurement-sets -> admit",
                "stage-measurement-sets -> validate-measurement-set",
                "validate-measurement-set -> admit",
                "verify-products -> announce",
                "write-cube -> verify-products",
                "write-taylor -> verify-products",
            },
            edges);
    }

    [Fact]
    public void Tasks_of_one_beam_are_named_by_it() =>
        Assert.Equal(["clean-spectra beam 0", "clean-spectra beam 2"], reduced.Run.TaskRuns.Where(task => task.TaskName == "clean-spectra").Select(task => task.RunName));

    [Fact]
    public void A_run_announces_its_start_and_its_end()
    {
        var types = File.ReadLines(Path.Combine(reduced.Observation.Root, "announcements.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()!);
        Assert.Equal(["au.csiro.atnf.askap.holography.started", "au.csiro.atnf.askap.holography.completed"], types);
    }

    [Fact]
    public async Task A_refused_run_announces_that_it_failed_and_why()
    {
        using var observation = await SmallObservation.WithFault("reference-absent");
        await observation.Reduce();
        var last = JsonDocument.Parse(File.ReadLines(Path.Combine(observation.Root, "announcements.jsonl")).Last()).RootElement;
        Assert.Equal("au.csiro.atnf.askap.holography.failed", last.GetProperty("type").GetString());
        Assert.Contains("AK99", last.GetProperty("data").GetProperty("flowRun").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
