using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Testing;
using Holoflow.Sdk.Tests.Support;

namespace Holoflow.Sdk.Tests.Artifacts;

public class ArtifactTests
{
    static readonly byte[] Picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    [Fact]
    public async Task EachKindIsWrittenWithItsContent()
    {
        var run = await FlowTest.Run(flow =>
        {
            flow.Artifacts.Markdown("report", "# *x*", "Report");
            flow.Artifacts.Table("beams", [new { Beam = 1, Flux = double.NaN }, new { Beam = 2, Flux = 2.5 }]);
            flow.Artifacts.Link("home", new Uri("https://example.org/a?b=c"));
            flow.Artifacts.Progress("done", 0.25);
            return Task.CompletedTask;
        });
        Assert.Null(run.Failure);
        Assert.Equal(
            [
                ("report", "markdown", "Report", "\"# *x*\""),
                ("beams", "table", null, """[{"beam":1,"flux":"NaN"},{"beam":2,"flux":2.5}]"""),
                ("home", "link", null, "\"https://example.org/a?b=c\""),
                ("done", "progress", null, "0.25"),
            ],
            run.Artifacts.Select(a => (a.Key, a.Type, a.Title, a.Data!.Value.GetRawText())));
        Assert.All(run.Artifacts, a => Assert.Null(a.Task));
    }

    [Fact]
    public async Task AnImageIsCopiedIntoTheRunDirectoryAndBelongsToItsTask()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("beam.PNG");
        await File.WriteAllBytesAsync(path, Picture, TestContext.Current.CancellationToken);
        var show = FlowTask.Define("show", (TaskContext task) => task.Artifacts.Image("beam", path, "Beam"));
        using var test = FlowTest.Of(async _ => await show.Run());
        var run = await test.Run(TestContext.Current.CancellationToken);
        File.Delete(path);
        var image = Assert.Single(run.Artifacts);
        Assert.Equal(("image", "Beam", run.TaskRun(show).Id), (image.Type, image.Title, image.Task));
        Assert.Equal(Picture, await File.ReadAllBytesAsync(Path.Combine(run.RunDirectory, "artifacts", image.File!), TestContext.Current.CancellationToken));
        Assert.EndsWith(".png", image.File, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyMadeAgainIsAnArtifactOfItsOwn()
    {
        var run = await FlowTest.Run(flow =>
        {
            flow.Artifacts.Markdown("report", "first");
            flow.Artifacts.Markdown("report", "second");
            return Task.CompletedTask;
        });
        Assert.Equal(2, run.Artifacts.Select(a => a.Artifact).Distinct().Count());
        Assert.Equal("second", run.Artifacts[^1].Data!.Value.GetString());
    }

    [Fact]
    public async Task WhatIsNoArtifactIsRefusedByNameAndLeavesNone()
    {
        using var folder = new TemporaryFolder();
        var text = folder.File("beam.txt");
        await File.WriteAllTextAsync(text, "no image", TestContext.Current.CancellationToken);
        await Refused("'../report'", w => w.Markdown("../report", ""));
        await Refused("'Report'", w => w.Markdown("Report", ""));
        await Refused("not 'javascript:alert(1)'", w => w.Link("home", new Uri("javascript:alert(1)")));
        await Refused("an absolute http, https or file URL, not 'a/b'", w => w.Link("home", new Uri("a/b", UriKind.Relative)));
        await Refused("beam.txt' is no image by its name", w => w.Image("beam", text));
        await Refused("from 0 to 1", w => w.Progress("done", 1.5));
        await Refused("from 0 to 1", w => w.Progress("done", double.NaN));
    }

    static async Task Refused(string message, Action<ArtifactWriter> write)
    {
        var run = await FlowTest.Run(flow =>
        {
            write(flow.Artifacts);
            return Task.CompletedTask;
        });
        Assert.Contains(message, run.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(run.Journal.OfType<ArtifactMade>());
    }
}
