using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Dashboard.Tests.Fixture;
using static Holoflow.Dashboard.Tests.Fixture.PlayedRun;

namespace Holoflow.Dashboard.Tests;

/// <summary>A run that attacks whoever looks at it, in every field that a flow can write.</summary>
public sealed class HostileTests(Browser browser, LiveServer server)
{
    const string Script = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";

    const string Turned = "\u202Eevil\u202C \u2066x\u2069 \u001b[31mred\u001b[0m \u001b]8;;http://evil.example\u0007link \u0007\b";

    static readonly string Long = string.Concat(Enumerable.Repeat("WWWWWWWW", 131_072));

    [Fact]
    public async Task Nothing_that_a_flow_writes_changes_any_page()
    {
        var run = await Play();
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        string[] paths = ["/", "/runs", $"/runs/{run.Id}", $"/runs/{run.Id}/logs", $"/runs/{run.Id}/artifacts", $"/runs/{run.Id}/details", $"/task-runs/{_task}", "/holography", "/deployments"];
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

    readonly Guid _task = Guid.CreateVersion7();

    async Task<PlayedRun> Play()
    {
        var now = TimeProvider.System.GetUtcNow();
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
            run.Progressed(0.5, Script + Turned, now));
        await run.Log((now, 2, Script, _task), (now, 4, Turned, null), (now, 2, Long, null), (now, 2, "a\nb\n\u001b[2J\u001b[1;1Hc", null));
        await run.Report(RunReport.Failed, now.AddSeconds(2), Script + Turned + Long);
        return run;
    }
}
