using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;

namespace Holoflow.Dashboard.Tests;

/// <summary>Every page with an observatory's data: nothing goes wrong in it, nothing sticks out, everybody can read and reach it.</summary>
public sealed class LookTests(Browser browser, PlayedServer server)
{
    public static TheoryData<string, string, string> Pages => new()
    {
        { "overview", "/", "sbid-58056" },
        { "runs", "/runs", "stage-tapes" },
        { "run", "/runs/REDUCED", "merge-beams" },
        { "run-live", "/runs/LIVE", "calibrate" },
        { "run-logs", "/runs/REDUCED/logs", "channel 1 solved" },
        { "run-artifacts", "/runs/REDUCED/artifacts", "Stokes I of all beams" },
        { "run-details", "/runs/REDUCED/details", "/data/58042.ms" },
        { "run-failed", "/runs/FAILED", "diverged after 40 iterations" },
        { "deployments", "/deployments", "holography/galaxy" },
        { "deployment-run", "/deployments/holography/galaxy/run", "Directory of the MeasurementSet" },
        { "deployment-schedules", "/deployments/holography/galaxy/schedules", "Australia/Perth" },
        { "queues", "/queues", "reprocessing" },
        { "agents", "/agents", "ingest01" },
        { "schedules", "/schedules", "March 2026" },
        { "holography", "/holography", "Squint of X against Y" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_shows_its_data_and_is_whole_on_a_wide_and_a_narrow_screen_by_day_and_night(string name, string path, string shown)
    {
        var wrong = new List<string>();
        foreach (var (dark, width) in new[] { (false, 1440), (true, 360) })
        {
            await using var watched = await browser.Open(server.Address, width, width == 360 ? 760 : 900, dark, Observatory.Now);
            await watched.Go(Address(path));
            await Shows(watched.Page, shown);
            await Drawn(watched.Page, path);
            var look = $"{name}-{width}-{(dark ? "dark" : "light")}";
            if (await watched.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is var over and > 0)
                wrong.Add($"{look} is {over} px wider than its screen");
            wrong.AddRange((await Accessibility.Faults(watched.Page)).Select(fault => $"{look}: {fault}"));
            wrong.AddRange(watched.Wrong.Select(error => $"{look}: {error}"));
            if (await ApprovedLook.Difference(browser, watched.Page, look) is { } difference)
                wrong.Add(difference);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    string Address(string path) => path
        .Replace("REDUCED", server.Observatory.Reduced.ToString(), StringComparison.Ordinal)
        .Replace("LIVE", server.Observatory.Live.ToString(), StringComparison.Ordinal)
        .Replace("FAILED", server.Observatory.Failed.ToString(), StringComparison.Ordinal);

    static async Task Shows(IPage page, string text)
    {
        if (text.StartsWith("channel", StringComparison.Ordinal))
            await page.Locator(".log-scroll").EvaluateAsync("e => { e.dispatchEvent(new WheelEvent('wheel', { deltaY: -10, bubbles: true })); e.scrollTop = 0; }");
        await page.Locator($":visible:text(\"{text}\"), input[value=\"{text}\"], :visible:has-text(\"{text}\")").First.WaitForAsync();
    }

    /// <summary>Graphs, canvases and pictures say when they are drawn.</summary>
    static async Task Drawn(IPage page, string path)
    {
        if (path.StartsWith("/runs/", StringComparison.Ordinal) && path.Count(c => c == '/') == 2)
        {
            await page.Locator(".graph[data-ready=true] .task-node").First.WaitForAsync();
            await page.Locator("canvas[data-ready=true]").First.WaitForAsync();
        }

        if (path is not "/holography" && !path.EndsWith("artifacts", StringComparison.Ordinal))
            return;
        // Pictures are fetched when they come into sight.
        await page.Locator(".gallery").First.ScrollIntoViewIfNeededAsync();
        await page.WaitForFunctionAsync("() => { const all = [...document.querySelectorAll('.gallery img')]; return all.length > 0 && all.every(i => i.complete && i.naturalWidth > 0); }");
        _ = await page.EvaluateAsync("() => scrollTo(0, 0)");
    }
}
