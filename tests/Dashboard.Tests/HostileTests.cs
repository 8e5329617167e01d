using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Dashboard.Tests.Fixture;
using static Holoflow.Dashboard.Tests.Fixture.PlayedRun;

namespace Holoflow.Dashboard.Tests;

/// <summary>A run that attacks whoever looks at it, in every field that a flow can write.</summary>
public sealed class HostileTests(Browser browser, LiveServer server)
{
    const string Script = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";

    /// <summary>A name that stands in an address, where a slash would part it.</summary>
    const string Named = "<img src=x onerror=\"document.title='taken'\">%2e%2e";

    const string Turned = "\u202Eevil\u202C \u2066x\u2069 \u001b[31mred\u001b[0m \u001b]8;;http://evil.example\u0007link \u0007\b";

    static readonly string Long = string.Concat(Enumerable.Repeat("WWWWWWWW", 131_072));

    [Fact]
    public async Task Nothing_that_a_flow_writes_changes_any_page()
    {
        var run = await Play();
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        string[] paths = ["/", "/runs", $"/runs/{run.Id}", $"/runs/{run.Id}/logs", $"/runs/{run.Id}/artifacts", $"/runs/{run.Id}/details", $"/task-runs/{_task}", "/holography", "/deployments",
            $"/deployments/{Uri.EscapeDataString(Named)}/{Uri.EscapeDataString(Named)}/run", $"/deployments/{Uri.EscapeDataString(Named)}/{Uri.EscapeDataString(Named)}/details",
            "/queues", "/agents", "/schedules", $"/runs?{Attack("text")}", $"/runs?{Attack("tag")}&{Attack("flow")}&{Attack("parameter")}%3D1", $"/runs/{run.Id}/logs?{Attack("text")}", $"/holography?{Attack("sbid")}"];
        foreach (var path in paths)
        {
            await watched.Go(path);
            // What was taken would act once it is drawn.
            Assert.DoesNotContain("taken", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await page.Locator("script:not([src]), img[src=x], iframe, object, embed, a[href^=javascript], a[href^=data]").CountAsync());
            Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('main *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && /[\\u202a-\\u202e\\u2066-\\u2069\\u0007\\u001b]/.test(n.data))).length"));
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0, $"{path} is too wide");
        }

        Assert.Empty(watched.Wrong);
    }

    static string Attack(string name) => $"{name}={Uri.EscapeDataString(Script + Turned)}";

    readonly Guid _task = Guid.CreateVersion7();

    /// <summary>Past the API, which would take none of these names.</summary>
    async Task Define()
    {
        var bus = server.Server.Bus;
        _ = await bus.Request(new DefineQueue(Named) { Description = Script + Turned + Long[..5000] }, TestContext.Current.CancellationToken);
        var defined = await bus.Request(
            new DefineDeployment
            {
                FlowName = Named,
                Name = Named,
                Description = Script + Turned + Long[..5000],
                Program = new RunProgram { Path = Script, Method = Turned },
                ParameterSchema = JsonSerializer.SerializeToElement(new { type = "object", properties = new Dictionary<string, object>(StringComparer.Ordinal) { [Script] = new { type = "string", title = Turned, description = Script + Long[..5000], pattern = "(((" } } }),
                Parameters = JsonSerializer.SerializeToElement(new Dictionary<string, string>(StringComparer.Ordinal) { [Script] = Script + Turned }),
                Queue = Named,
                Tags = [Script, "\u202Eright-to-left"],
                Infrastructure = "process",
                Schedules = [new ScheduleDefinition { Cron = "0 3 * * *", TimeZone = "UTC", Active = true, CatchUp = "last" }],
            },
            TestContext.Current.CancellationToken);
        Assert.True(defined.Outcome == CommandOutcome.Accepted, defined.Reason);
        await bus.Publish(
            new AgentCapacityChanged { AgentId = "hostile", Name = Script, Host = Turned, Queues = [Script], Tags = [Script], Slots = 1, FreeSlots = 1, Sequence = 1, Version = Script }, TestContext.Current.CancellationToken);
    }

    async Task<PlayedRun> Play()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Define();
        var run = await Start(server.Server.Bus, new SubmitRun
        {
            RunId = Guid.CreateVersion7(),
            RunName = Script,
            FlowName = "\"><script>alert(1)",
            Program = new RunProgram { Path = "/opt/x/<script>alert(1)</script>" },
            Parameters = JsonSerializer.SerializeToElement(new Dictionary<string, string>(StringComparer.Ordinal) { [Script] = Script, ["turned"] = Turned, ["long"] = Long[..900_000] }),
            Queue = "hostile",
            Tags = [Script, "\u202Eright-to-left"],
        }, now);
        await run.Tell(
            Created(_task, Script, Turned, now), Entered(_task, "Running", now), Entered(_task, "Failed", now.AddSeconds(1), message: Script + Turned + Long),
            Made("qa", "table", Script, new[] { new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = Script, [Script] = Turned, ["long"] = Long } }, now),
            Made("text", "markdown", Turned, $"# {Script}\n\n[x](javascript:alert(1)) **{Turned}** `{Script}` <iframe src=//evil.example>\n\n{Long}", now),
            Made("link", "link", Script, "javascript:document.title='taken'", now),
            Made("picture", "image", Script, null, now, "../../../etc/passwd"),
            run.Progressed(0.5, Script + Turned, now),
            Job(new AllocationReport { Key = Script + Turned, Cluster = Script, JobId = 1, Phase = AllocationPhase.Waiting, State = Script + Turned, Message = Script + Turned + Long[..100_000], Partition = Turned }, now),
            Job(new AllocationReport { Key = Turned, ArrayIndex = 2, Cluster = Turned, JobId = 2, Phase = AllocationPhase.Running, State = "Running", Message = Turned, Node = Script + Long[..5000], Tasks = [_task] }, now));
        await run.Log((now, 2, Script, _task), (now, 4, Turned, null), (now, 2, Long, null), (now, 2, "a\nb\n\u001b[2J\u001b[1;1Hc", null));
        await run.Report(RunReport.Failed, now.AddSeconds(2), Script + Turned + Long);
        return run;
    }
}
