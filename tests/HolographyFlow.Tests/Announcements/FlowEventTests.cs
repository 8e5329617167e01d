using System.Text.Json;
using Holoflow.HolographyFlow.Announcements;

namespace Holoflow.HolographyFlow.Tests.Announcements;

public sealed class FlowEventTests
{
    static readonly Guid Run = new("01890000-0000-7000-8000-000000000001");
    static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task An_event_has_the_shape_that_the_observatory_knows()
    {
        using var folder = new TemporaryFolder();
        var announcer = new JsonLinesAnnouncer(folder.File("events.jsonl"));
        await announcer.AnnounceAsync(FlowEvent.Of(FlowEventState.Completed, Run, 2, "/data/42/products", 42, "mro", "ops", Now), TestContext.Current.CancellationToken);
        await announcer.AnnounceAsync(FlowEvent.Of(FlowEventState.Failed, Run, 2, "/data/42/products", 42, "mro", "ops", Now, "no \"beams\"\n"), TestContext.Current.CancellationToken);
        var lines = await File.ReadAllLinesAsync(folder.File("events.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(
            """{"specversion":"1.0","id":"01890000-0000-7000-8000-000000000001-completed","source":"urn:askap:holography:mro:ops","type":"au.csiro.atnf.askap.holography.completed","subject":"urn:askap:holography:mro:ops:flow-run/01890000-0000-7000-8000-000000000001","time":"2026-01-02T03:04:05+00:00","datacontenttype":"application/json","data":{"flowRun":{"id":"01890000-0000-7000-8000-000000000001","path":"/data/42/products","processedAt":"2026-01-02T03:04:05+00:00","schedulingBlock":{"id":42}}}}""",
            lines[0]);
        Assert.Equal("au.csiro.atnf.askap.holography.failed", JsonDocument.Parse(lines[1]).RootElement.GetProperty("type").GetString());
        Assert.Equal("01890000-0000-7000-8000-000000000001-failed-2", JsonDocument.Parse(lines[1]).RootElement.GetProperty("id").GetString());
        Assert.Equal("no \"beams\"\n", JsonDocument.Parse(lines[1]).RootElement.GetProperty("data").GetProperty("flowRun").GetProperty("message").GetString());
    }
}
