using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;

namespace Holoflow.Dashboard.Tests;

/// <summary>The pages, parts and dialogs that have no approved picture: on a screen of 360 pixels nothing sticks out, and everybody can use them.</summary>
public sealed class NarrowTests(Browser browser, PlayedServer server)
{
    public static TheoryData<string, string?> Parts => new()
    {
        { "/task-runs/TASK", null },
        { "/deployments/holography/galaxy/runs", null },
        { "/deployments/holography/galaxy/details", null },
        { "/deployments/holography/galaxy", "Remove" },
        { "/holography?sbid=58042", null },
        { "/runs?text=nothing-has-this-name&tag=a-tag-that-is-rather-long-for-a-screen-like-this&since=2026-03-01T00:00Z", "More filters" },
        { "/runs/LIVE", "Cancel" },
        { "/queues", "New queue" },
        { "/queues", "What is next" },
        { "/runs/REDUCED/artifacts", "Enlarge Stokes I of all beams" },
        { "/nowhere", null },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Nothing_sticks_out_of_a_narrow_screen(string path, string? opens)
    {
        foreach (var dark in new[] { false, true })
        {
            await using var watched = await browser.Open(server.Address, 360, 760, dark, Observatory.Now);
            var page = watched.Page;
            await watched.Go(await Address(path));
            if (opens is not null)
                await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = opens }).First.ClickAsync();
            await watched.Settled();
            Assert.Empty(await page.EvaluateAsync<string[]>("""
                () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 120))
                """));
            Assert.Empty(await Accessibility.Faults(page));
            Assert.Empty(watched.Wrong);
        }
    }

    async Task<string> Address(string path)
    {
        if (path.Contains("TASK", StringComparison.Ordinal))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            var page = System.Text.Json.JsonElement.Parse(await http.GetStringAsync(new Uri($"/api/flow-runs/{server.Observatory.Reduced}/task-runs?task=calibrate&limit=1", UriKind.Relative), TestContext.Current.CancellationToken));
            path = path.Replace("TASK", page.GetProperty("items")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
        }

        return path.Replace("REDUCED", server.Observatory.Reduced.ToString(), StringComparison.Ordinal).Replace("LIVE", server.Observatory.Live.ToString(), StringComparison.Ordinal);
    }
}
