using System.Diagnostics;
using System.Runtime.CompilerServices;
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

    IPlaywright? _playwright;
    IBrowser? _browser;

    public static string Dist { get; } = Path.GetFullPath(Path.Combine(Here(), "../../../services/Dashboard/dist"));

    public async Task Start()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
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
        var responses = new List<IResponse>();
        page.Response += (_, response) => responses.Add(response);
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

    static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
