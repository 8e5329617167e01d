using Holoflow.Contracts;
using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using static Holoflow.Dashboard.Tests.Fixture.PlayedRun;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>The Slurm jobs of a run: in the timeline, and one by one.</summary>
public sealed class JobTests(Browser browser, PlayedServer played, LiveServer live)
{
    [Fact]
    public async Task Each_job_of_a_run_tells_how_long_it_waited_where_it_ran_and_what_it_executed()
    {
        var wrong = new List<string>();
        foreach (var (dark, width) in new[] { (false, 1440), (true, 360) })
        {
            await using var watched = await browser.Open(played.Address, width, width == 360 ? 760 : 900, dark, Observatory.Now);
            var page = watched.Page;
            await watched.Go($"/runs/{played.Observatory.Reduced}");
            await page.Locator(".graph[data-ready=true] .task-node").First.WaitForAsync();
            await page.Locator("canvas[data-ready=true]").First.WaitForAsync();
            await Expect(page.Locator(".job-rows .rows-row")).ToHaveCountAsync(5);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "771204_3", Exact = true }).ClickAsync();
            var facts = page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Slurm job 771204_3" });
            foreach (var fact in new[] { "Out of walltime", "its walltime was over", "jobs with a higher priority are before it", "work", "nid01015", "beams-1", "4 min 46 s" })
                await Expect(facts).ToContainTextAsync(fact);
            await Expect(facts.Locator("a").First).ToHaveTextAsync("split-4");
            await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Timeline" }).EvaluateAsync("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 70)");
            var look = $"run-jobs-{width}-{(dark ? "dark" : "light")}";
            if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is var over and > 0)
                wrong.Add($"{look} is {over} px wider than its screen");
            wrong.AddRange((await Accessibility.Faults(page)).Select(fault => $"{look}: {fault}"));
            wrong.AddRange(watched.Wrong.Select(error => $"{look}: {error}"));
            if (await ApprovedLook.Difference(browser, page, look) is { } difference)
                wrong.Add(difference);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public async Task The_rows_of_jobs_are_put_away_and_zoomed_like_those_of_tasks_and_lead_to_their_job()
    {
        await using var watched = await browser.Open(played.Address, 1440, 900, now: Observatory.Now);
        var page = watched.Page;
        await watched.Go($"/runs/{played.Observatory.Reduced}");
        var rows = page.Locator(".timeline-bar .dim");
        await Expect(rows).ToContainTextAsync("stripes");
        var canvas = page.Locator("canvas[data-ready=true]");
        await canvas.WaitForAsync();
        // The first row is the first job's: it ran nearly all the time.
        var box = (await canvas.BoundingBoxAsync())!;
        await canvas.ClickAsync(new LocatorClickOptions { Position = new Position { X = box.Width * 0.4f, Y = 36 } });
        await Expect(page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Slurm job 771204_0" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Zoom in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Whole run" })).ToBeEnabledAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "5 Slurm jobs" }).ClickAsync();
        await Expect(rows).Not.ToContainTextAsync("stripes");
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_job_is_seen_to_wait_to_start_and_to_end_without_a_reload()
    {
        var now = TimeProvider.System.GetUtcNow();
        var run = await Start(live.Server.Bus, new SubmitRun { RunId = Guid.CreateVersion7(), RunName = "on-cluster", FlowName = "cluster", Program = new RunProgram { Path = "/opt/x" }, Parameters = System.Text.Json.JsonElement.Parse("{}"), Queue = "played" }, now);
        await using var watched = await browser.Open(live.Address);
        await watched.Go($"/runs/{run.Id}");
        var row = watched.Page.Locator(".job-rows .rows-row");
        await Expect(row).ToHaveCountAsync(0);
        var job = new AllocationReport { Key = "pool-1", Cluster = "galaxy", JobId = 4711, Phase = AllocationPhase.Waiting, State = "Pending", Message = "no node is free", Partition = "work" };
        await run.Tell(Job(job, now));
        await Expect(row).ToContainTextAsync("Waits in the queue");
        await Expect(row).ToContainTextAsync("no node is free");
        await run.Tell(Job(job with { Phase = AllocationPhase.Running, State = "Running", Message = "it runs", Node = "nid01012" }, now.AddSeconds(1)));
        await Expect(row).ToContainTextAsync("Runs");
        await Expect(row).ToContainTextAsync("nid01012");
        await run.Tell(Job(job with { Phase = AllocationPhase.Ended, State = "OutOfMemory", Message = "it used more memory than it had asked for" }, now.AddSeconds(2)));
        await Expect(row).ToContainTextAsync("Out of memory");
        Assert.Empty(watched.Wrong);
    }
}
