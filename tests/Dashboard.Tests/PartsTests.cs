using System.Globalization;
using System.Text.RegularExpressions;
using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>What can be done with the parts of a run's page, and with what every page has.</summary>
public sealed class PartsTests(Browser browser, PlayedServer server)
{
    [Fact]
    public async Task The_timeline_is_zoomed_shows_the_time_in_the_queue_and_leads_to_a_task_run()
    {
        await using var watched = await browser.Open(server.Address, now: Observatory.Now);
        var page = watched.Page;
        await watched.Go($"/runs/{server.Observatory.Reduced}");
        var (canvas, whole) = (page.Locator("canvas[data-ready=true]"), page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Whole run" }));
        // The graph stands above: nothing is pointed at before it is laid out.
        await page.Locator(".graph[data-ready=true] .task-node").First.WaitForAsync();
        await canvas.FocusAsync();
        await Expect(whole).ToBeDisabledAsync();
        await canvas.PressAsync("+");
        await Expect(whole).ToBeEnabledAsync();
        await canvas.PressAsync("0");
        await Expect(whole).ToBeDisabledAsync();
        // The rows of the Slurm jobs come first, once they are there.
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new Regex("^[0-9]+ Slurm jobs?$") }).ClickAsync();
        await Expect(canvas).ToHaveAttributeAsync("aria-label", new Regex("^Timeline of [0-9]+ task runs: "));
        // Then the first row is the task that everything starts with: its bar is at the left of the drawing.
        var box = (await canvas.BoundingBoxAsync())!;
        var tip = page.Locator(".tip");
        for (var x = 190; x < box.Width && await tip.CountAsync() == 0; x += 3)
        {
            await canvas.HoverAsync(new LocatorHoverOptions { Position = new Position { X = x, Y = 37 } });
            // The page shows it in its own time: one step on, the bar may be behind the pointer.
            await watched.Drawn();
        }

        await Expect(tip).ToContainTextAsync("admit");
        await Expect(tip).ToContainTextAsync("ran 39 s");
        await Expect(tip).ToContainTextAsync("waited 1.0 s");
        await page.Mouse.DownAsync();
        await page.Mouse.UpAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/task-runs/[0-9a-f-]{36}$"));
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "admit" })).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_node_of_the_graph_stands_for_all_runs_of_its_task_and_lists_them()
    {
        await using var watched = await browser.Open(server.Address, now: Observatory.Now);
        var page = watched.Page;
        await watched.Go($"/runs/{server.Observatory.Reduced}");
        await Expect(page.Locator(".task-node")).ToHaveCountAsync(8);
        var node = page.Locator(".task-node", new PageLocatorOptions { HasText = "calibrate" });
        await Expect(node).ToContainTextAsync("12 of 12 task runs");
        await node.ClickAsync();
        await Expect(page.Locator(".task-table .filter-line")).ToContainTextAsync("12 task runs");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "calibrate-3", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Made from the results of" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "split-3", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "split-3" })).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Pictures_stand_side_by_side_are_enlarged_and_zoomed_and_tables_are_sorted()
    {
        await using var watched = await browser.Open(server.Address, now: Observatory.Now);
        var page = watched.Page;
        await watched.Go($"/runs/{server.Observatory.Reduced}/artifacts");
        await Expect(page.Locator(".gallery figure")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Enlarge Stokes I of all beams" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var picture = dialog.Locator("img");
        await Expect(picture).ToHaveJSPropertyAsync("complete", true);
        var before = (await picture.BoundingBoxAsync())!.Width;
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Larger" }).ClickAsync();
        await Expect(dialog.Locator(".large-picture > div")).ToHaveAttributeAsync("style", "width: 150%;");
        Assert.InRange((await picture.BoundingBoxAsync())!.Width, before * 1.4, before * 1.6);
        await dialog.Locator(".large-picture").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(dialog.GetByRole(AriaRole.Heading, new LocatorGetByRoleOptions { Name = "Leakage Q, U, V" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        var checks = page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Quality: warn" });
        await checks.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "value" }).ClickAsync();
        var values = (await checks.Locator("tbody td:nth-child(2)").AllTextContentsAsync()).Select(Number).ToList();
        Assert.Equal(values.Order(), values);
        await checks.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "value" }).ClickAsync();
        Assert.Equal(values.OrderDescending(), (await checks.Locator("tbody td:nth-child(2)").AllTextContentsAsync()).Select(Number));
        Assert.Empty(watched.Wrong);
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_run_that_waits_says_why_and_holography_finds_a_scheduling_block()
    {
        await using var watched = await browser.Open(server.Address, now: Observatory.Now);
        var page = watched.Page;
        await watched.Go("/runs?text=again-52001");
        await page.Locator(".rows-row a").First.ClickAsync();
        await Expect(page.Locator(".why")).ToContainTextAsync("work queue 'reprocessing' is paused");

        await watched.Go("/holography");
        await page.GetByLabel("Scheduling block").FillAsync("58021");
        await page.GetByLabel("Scheduling block").PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Scheduling block 58021" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "sbid-58021" })).ToBeVisibleAsync();
        await Expect(page.Locator(".gallery figure")).ToHaveCountAsync(3);
        await Expect(page.Locator(".trend")).ToHaveCountAsync(4);
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Times_are_local_or_UTC_and_colours_light_or_dark_as_somebody_chose_before()
    {
        await using var watched = await browser.Open(server.Address, now: Observatory.Now, zone: "Australia/Perth");
        var page = watched.Page;
        await watched.Go("/schedules");
        await Expect(page.Locator(".clock")).ToHaveTextAsync(new Regex("22:25 local"));
        var nightly = page.Locator(".firing", new PageLocatorOptions { HasText = "galaxy" }).First;
        await Expect(nightly).ToContainTextAsync("03:00");
        await page.Locator(".clock").ClickAsync();
        await Expect(page.Locator(".clock")).ToHaveTextAsync(new Regex("14:25 UTC"));
        await Expect(nightly).ToContainTextAsync("19:00");
        await watched.Go("/runs");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "More filters" }).ClickAsync();
        await page.GetByLabel("Created since (UTC)").FillAsync("2026-03-18T10:00");
        await Expect(page).ToHaveURLAsync(new Regex("since=2026-03-18T10%3A00Z$"));
        await page.Locator(".clock").ClickAsync();
        await Expect(page.GetByLabel("Created since (local time)")).ToHaveValueAsync("2026-03-18T18:00");

        const string Page = "() => getComputedStyle(document.body).backgroundColor";
        Assert.Equal("rgb(245, 246, 248)", await page.EvaluateAsync<string>(Page));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Dark colours" }).ClickAsync();
        Assert.Equal("rgb(18, 21, 26)", await page.EvaluateAsync<string>(Page));
        _ = await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Light colours" })).ToBeVisibleAsync();
        Assert.Equal("rgb(18, 21, 26)", await page.EvaluateAsync<string>(Page));
        Assert.Empty(watched.Wrong);
    }
}
