using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Holoflow.Contracts;
using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>A run's log in the page: links to a line, filters, what is saved, and a log longer than a page can be tall.</summary>
public sealed class LogTests(Browser browser, LiveServer server)
{
    [Fact]
    public async Task A_link_to_a_line_opens_at_that_line_with_and_without_a_filter()
    {
        var run = await Write(3000);
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        var wanted = page.Locator(".log-line.wanted");
        await watched.Go($"/runs/{run}/logs?line=1234");
        await Expect(wanted).ToContainTextAsync("line 1234 of");
        await Expect(wanted).ToBeInViewportAsync();
        await Expect(page.GetByLabel("Follow the end")).Not.ToBeCheckedAsync();
        await page.Locator(".log-number", new PageLocatorOptions { HasTextRegex = new Regex("^1232$") }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?line=1232$"));
        await Expect(wanted).ToContainTextAsync("line 1232 of");

        await watched.Go($"/runs/{run}/logs?level=Warning&line=2000");
        await Expect(wanted).ToContainTextAsync("line 2000 of");
        await Expect(wanted).ToBeInViewportAsync();
        await Expect(page.Locator(".log-line", new PageLocatorOptions { HasText = "line 1999 of" })).ToHaveCountAsync(0);
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Traces_stay_whole_colours_are_styles_and_other_sequences_are_shown()
    {
        var now = TimeProvider.System.GetUtcNow();
        var run = await PlayedRun.Start(server.Server.Bus, new SubmitRun { RunId = Guid.CreateVersion7(), RunName = "colours", FlowName = "colours", Program = new RunProgram { Path = "/opt/x" }, Parameters = JsonElement.Parse("{}"), Queue = "played" }, now);
        await run.Log(
            (now, 3, "\u001b[33;1mwarning\u001b[0m of \u001b[38;5;12mbeam\u001b[0m 3", null),
            (now, 4, "SolutionException: diverged\n  at Reduction.Solve(Beam beam) line 112\n  at Reduction.Run() line 40", null),
            (now, 2, "10%\r20%\r100% \u001b[2J\u001b[1;1Hcleared \u001b]0;title\u0007 \u001b[3", null),
            (now, 2, "a\uFFFDb", null),
            (now, 2, $"long {new string('W', 1_000_000)}", null));
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go($"/runs/{run.Id}/logs");
        var lines = page.Locator(".log-line .log-text");
        await Expect(lines).ToHaveCountAsync(5);
        await Expect(lines.Nth(0)).ToHaveTextAsync("warning of beam 3");
        await Expect(lines.Nth(0).Locator(".ansi-yellow.ansi-bold")).ToHaveTextAsync("warning");
        Assert.Equal("SolutionException: diverged\n  at Reduction.Solve(Beam beam) line 112\n  at Reduction.Run() line 40", await lines.Nth(1).InnerTextAsync());
        await Expect(lines.Nth(2)).ToHaveTextAsync("10%\u240d20%\u240d100% \u241b[2J\u241b[1;1Hcleared \u241b]0;title\u2407 \u241b[3");
        await Expect(lines.Nth(3)).ToHaveTextAsync("a\uFFFDb");
        await Expect(lines.Nth(4).GetByRole(AriaRole.Button)).ToContainTextAsync("characters");
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0);
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_log_is_narrowed_by_level_task_and_text_and_saved_whole()
    {
        var task = Guid.CreateVersion7();
        var run = await Write(25_000, task);
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go($"/runs/{run}/logs");
        await Expect(Line(page, 25_000)).ToBeVisibleAsync();
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("25,000 lines");
        Assert.Equal(Enumerable.Range(1, 25_000).Select(Text), await Saved(page));

        await page.GetByLabel("Level").SelectOptionAsync("Warning");
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("250 lines");
        await Expect(Line(page, 24_900)).ToBeVisibleAsync();
        Assert.Equal(Enumerable.Range(1, 250).Select(i => Text(i * 100)), await Saved(page));
        await page.GetByLabel("Task run").FillAsync("odd-lines");
        await Expect(page.GetByText("No line fits")).ToBeVisibleAsync();
        await page.GetByLabel("Level").SelectOptionAsync("");
        await Expect(Line(page, 24_999)).ToBeVisibleAsync();
        await page.GetByLabel("Text in a line").FillAsync("line 777 of");
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("1 line");
        await Expect(Line(page, 777)).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex($@"\?taskRun={task}&text=line\+777\+of$"));
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Every_line_of_a_long_log_can_be_gone_to()
    {
        const int Lines = 120_000;
        var run = await Write(Lines);
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go($"/runs/{run}/logs");
        await Expect(Line(page, Lines)).ToBeInViewportAsync();
        var log = page.GetByRole(AriaRole.Log);
        await log.PressAsync("Home");
        await Expect(Line(page, 1)).ToBeInViewportAsync();
        await page.GetByLabel("Go to line").FillAsync("61234");
        await page.GetByLabel("Go to line").PressAsync("Enter");
        await Expect(Line(page, 61_234)).ToBeInViewportAsync();
        // Downwards by what the list shows at a time: what is at the end of it stays in sight, and more comes after.
        await log.PressAsync("Home");
        await Expect(Line(page, 1)).ToBeInViewportAsync();
        foreach (var end in (int[])[30_000, 45_000, 60_000])
        {
            await log.EvaluateAsync("e => { e.scrollTop = e.scrollHeight; }");
            await Expect(Line(page, end)).ToBeInViewportAsync();
        }

        await log.PressAsync("End");
        await Expect(Line(page, Lines)).ToBeInViewportAsync();
        Assert.Empty(watched.Wrong);
    }

    static string Text(int line) => string.Create(CultureInfo.InvariantCulture, $"line {line} of the log{(line == 5000 ? "\n  with a second row" : "")}");

    static ILocator Line(IPage page, int line) => page.Locator(".log-line", new PageLocatorOptions { HasText = $"line {line} of" });

    /// <summary>What the page saves, without the times and levels.</summary>
    static async Task<IEnumerable<string>> Saved(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Download" }).ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        return Regex.Split(text.TrimEnd('\n'), @"\n(?=\d{4}-\d\d-\d\dT)").Select(line => line.Split(' ', 3)[2]);
    }

    /// <summary>A run that has ended: every hundredth line a warning, every other one a task's.</summary>
    async Task<Guid> Write(int lines, Guid? task = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var submitted = new SubmitRun { RunId = Guid.CreateVersion7(), RunName = "long log", FlowName = "writes", Program = new RunProgram { Path = "/opt/writes" }, Parameters = JsonElement.Parse("{}"), Queue = "nobody-serves" };
        var run = await PlayedRun.Start(server.Server.Bus, submitted, now);
        if (task is { } odd)
            await run.Tell(PlayedRun.Created(odd, "odd", "odd-lines", now), PlayedRun.Entered(odd, "Running", now));
        foreach (var some in Enumerable.Range(1, lines).Chunk(5000))
            await run.Log([.. some.Select(i => (now.AddMilliseconds(i), i % 100 == 0 ? 3 : 2, Text(i), i % 2 == 1 ? task : null))]);
        await run.Report(RunReport.Completed, now.AddMinutes(5));
        return run.Id;
    }
}
