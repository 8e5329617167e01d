using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;

namespace Holoflow.DashboardBenchmarks;

/// <summary>What somebody waits for in front of the page.</summary>
sealed class PageTimes(Uri server) : IAsyncDisposable
{
    const string CountFrames = """
        async ([selector, horizontal]) => {
          const target = document.querySelector(selector);
          const start = performance.now();
          let frames = 0, longest = 0, last = start;
          while (performance.now() - start < 3000) {
            target.dispatchEvent(new WheelEvent('wheel', { deltaY: 60, deltaX: horizontal ? 40 : 0, shiftKey: horizontal, bubbles: true, cancelable: true, clientX: 400, clientY: 300 }));
            if (!horizontal) target.scrollTop += 60;
            await new Promise(done => requestAnimationFrame(done));
            const now = performance.now();
            longest = Math.max(longest, now - last);
            last = now;
            frames++;
          }
          return [frames / ((performance.now() - start) / 1000), longest];
        }
        """;

    /// <summary>
    /// Each frame: the newest line at the foot of the list, and with it all that came since the frame before. Lines are written evenly, so the
    /// ages of those between two that are known lie between theirs.
    /// </summary>
    const string WatchLines = """
        async seconds => {
          const list = document.querySelector('.log-scroll');
          const ages = [];
          let last, start, frames = 0, lines = 0, previous = 0;
          const newest = () => {
            const rows = list.querySelectorAll('.log-line'), row = rows[rows.length - 1];
            const written = /written at (\d+)/.exec(row?.textContent ?? '');
            if (written === null || row.getBoundingClientRect().top > list.getBoundingClientRect().bottom) return undefined;
            return { number: Number(row.querySelector('.log-number').textContent), written: Number(written[1]) };
          };
          for (;;) {
            await new Promise(done => requestAnimationFrame(done));
            const [now, line] = [Date.now(), newest()];
            if (line !== undefined && last !== undefined && line.number > last.number) {
              const count = line.number - last.number;
              for (let i = 1; i <= count; i++) ages.push(now - (last.written + (line.written - last.written) * i / count));
              lines += count;
            }
            if (start !== undefined) frames++;
            // The first second is the page's own.
            if (line !== undefined) { start ??= now; if (last === undefined || line.number > last.number) last = line; }
            if (start !== undefined && previous === 0 && now - start > 1000) { ages.length = 0; lines = 0; frames = 0; previous = now; }
            if (previous !== 0 && now - previous > seconds * 1000) break;
          }
          ages.sort((a, b) => a - b);
          return [ages[Math.floor(ages.length / 2)], ages[Math.floor(ages.length * 0.95)], ages[ages.length - 1], lines, (Date.now() - previous) / 1000, frames];
        }
        """;

    IPlaywright? _playwright;
    IBrowser? _browser;

    public static async Task<PageTimes> Start(Uri server)
    {
        var pages = new PageTimes(server) { _playwright = await Playwright.CreateAsync() };
        pages._browser = await pages._playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        return pages;
    }

    /// <summary>How old the lines of a run are when somebody who follows its log sees them.</summary>
    public async Task<LineAges> FollowLog(Guid run, int seconds)
    {
        await using var context = await _browser!.NewContextAsync();
        var page = await context.NewPageAsync();
        _ = await page.GotoAsync(new Uri(server, $"/runs/{run}/logs").ToString());
        await page.Locator(".log-line").First.WaitForAsync();
        var told = await page.EvaluateAsync<double[]>(WatchLines, seconds);
        return new LineAges(told[0], told[1], told[2], (int)told[3], told[4], (int)told[5]);
    }

    /// <summary>From the address being entered, with an empty cache, until the graph's nodes and the timeline stand: milliseconds.</summary>
    public async Task<double> Open(Guid run)
    {
        await using var context = await _browser!.NewContextAsync();
        var page = await context.NewPageAsync();
        var watch = Stopwatch.StartNew();
        _ = await page.GotoAsync(new Uri(server, $"/runs/{run}").ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await Ready(page);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>Frames a second while the table, or the timeline zoomed in, is scrolled for three seconds, and the longest frame in ms.</summary>
    public async Task<(double FramesPerSecond, double LongestMs)> Scroll(Guid run, string selector, bool horizontal)
    {
        await using var context = await _browser!.NewContextAsync();
        var page = await context.NewPageAsync();
        _ = await page.GotoAsync(new Uri(server, $"/runs/{run}").ToString());
        await Ready(page);
        for (var i = 0; horizontal && i < 3; i++)
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Zoom in" }).Last.ClickAsync();
        var told = await page.EvaluateAsync<double[]>(CountFrames, new object[] { selector, horizontal });
        return (told[0], told[1]);
    }

    /// <summary>Bytes that come over the wire until the overview is shown.</summary>
    public async Task<long> FirstLoad()
    {
        await using var context = await _browser!.NewContextAsync();
        var page = await context.NewPageAsync();
        var responses = new ConcurrentQueue<IResponse>();
        page.Response += (_, response) => responses.Enqueue(response);
        _ = await page.GotoAsync(server.ToString());
        await page.Locator(".numbers").WaitForAsync();
        var total = 0L;
        foreach (var response in responses.Where(r => !r.Url.Contains("/api/", StringComparison.Ordinal)))
            total += (await response.Request.SizesAsync()) is { } sizes ? sizes.ResponseBodySize + sizes.ResponseHeadersSize : 0;
        return total;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    static async Task Ready(IPage page)
    {
        await page.Locator(".graph[data-ready=true] .task-node").First.WaitForAsync();
        await page.Locator("canvas[data-ready=true]").First.WaitForAsync();
    }
}
