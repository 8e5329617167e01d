using System.Globalization;
using System.Text.Json;
using Holoflow.ApiModel.Tokens;
using Holoflow.Client;
using Holoflow.Contracts;
using Holoflow.Dashboard.Tests.Fixture;
using Holoflow.Servers;
using Holoflow.Standalone;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>What a page that is open lives through: a server that is started anew, a token that is revoked, being put aside.</summary>
public sealed class StreamTests(Browser browser) : IDisposable
{
    const string ReadAll = """
        async () => {
          const list = document.querySelector('.log-scroll');
          const found = new Map();
          const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          list.dispatchEvent(new WheelEvent('wheel', { deltaY: -10, bubbles: true }));
          for (list.scrollTop = 0; ; list.scrollTop += list.clientHeight / 2) {
            do await frame(); while ([...list.querySelectorAll('.log-line')].some(row => row.querySelector('.log-text') === null));
            for (const row of list.querySelectorAll('.log-line')) found.set(Number(row.dataset.index), row.querySelector('.log-text').textContent);
            if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) return [...found.entries()].sort((a, b) => a[0] - b[0]).map(e => e[1]);
          }
        }
        """;

    readonly string _home = Directory.CreateTempSubdirectory("holoflow-dashboard-stream-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("?text=line")]
    public async Task A_log_goes_on_without_a_gap_or_a_repeat_when_the_server_is_started_anew(string filter)
    {
        var server = await Serve(FreePort.Next());
        var address = (await server.ApiStarted)!;
        var run = await Play(server);
        await Write(run, 1, 700);
        await using var watched = await browser.Open(address);
        var page = watched.Page;
        await watched.Go($"/runs/{run.Id}/logs{filter}");
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("700 lines");

        await server.DisposeAsync();
        await Expect(page.Locator(".offline")).ToBeVisibleAsync();
        await using var again = await Serve(address.Port);
        _ = await again.ApiStarted;
        run.GoOnWith(again.Bus);
        await Write(run, 701, 1500);
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("1,500 lines");
        await Write(run, 1501, 2000);
        await run.Report(RunReport.Completed, TimeProvider.System.GetUtcNow());

        await Expect(page.Locator(".page-head").GetByText("Completed", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("2,000 lines");
        await Expect(page.Locator(".offline")).ToHaveCountAsync(0);
        Assert.Equal(Enumerable.Range(1, 2000).Select(Text), await page.EvaluateAsync<string[]>(ReadAll));
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_page_whose_token_is_revoked_asks_for_another_and_goes_on_with_it()
    {
        var file = Path.Combine(_home, "admin.token");
        await using var server = await Serve(port: 0, asksForTokens: file);
        var address = (await server.ApiStarted)!;
        using var admin = new HoloflowClient(new ClientOptions { BaseAddress = address, Token = (await File.ReadAllTextAsync(file, Cancellation)).Trim() });
        var run = await Play(server);
        await Write(run, 1, 10);
        var first = await admin.Tokens.Create(new CreateApiToken { Name = "first", Scope = TokenScope.Read }, Cancellation);
        await using var watched = await browser.Open(address);
        var page = watched.Page;
        _ = await page.GotoAsync($"/runs/{run.Id}/logs");
        await SignIn(page, first.Token);
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("10 lines");

        await admin.Tokens.Revoke(first.Id, Cancellation);
        await Expect(page.GetByLabel("Token")).ToBeVisibleAsync();
        await Expect(page.GetByText("line 10 of the log")).ToHaveCountAsync(0);
        await SignIn(page, first.Token);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was revoked");
        await Write(run, 11, 20);
        await SignIn(page, (await admin.Tokens.Create(new CreateApiToken { Name = "second", Scope = TokenScope.Read }, Cancellation)).Token);
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("20 lines");
        await Expect(page.GetByText("line 20 of the log")).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_page_put_aside_holds_no_stream_and_is_up_to_date_when_it_is_seen_again()
    {
        await using var server = await Serve(port: 0);
        var run = await Play(server);
        await Write(run, 1, 10);
        await using var watched = await browser.Open((await server.ApiStarted)!);
        var page = watched.Page;
        await watched.Go($"/runs/{run.Id}/logs");
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("10 lines");
        var open = new HashSet<IRequest>();
        page.Request += (_, request) => Note(request, isOpen: true);
        page.RequestFinished += (_, request) => Note(request, isOpen: false);
        page.RequestFailed += (_, request) => Note(request, isOpen: false);
        // Streams that were opened before somebody counted are taken up again once.
        await Show(page, "hidden");
        await Show(page, "visible");
        await Expect(page.Locator(".offline")).ToHaveCountAsync(0);
        await Write(run, 11, 20);
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("20 lines");
        Assert.NotEmpty(Held());

        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.RequestFailed += (_, _) => Tell();
        page.RequestFinished += (_, _) => Tell();
        await Show(page, "hidden");
        await released.Task.WaitAsync(TimeSpan.FromMilliseconds(Browser.Patience), Cancellation);
        await Write(run, 21, 30);
        await run.Report(RunReport.Completed, TimeProvider.System.GetUtcNow());
        await Show(page, "visible");
        await Expect(page.Locator(".filter-line")).ToContainTextAsync("30 lines");
        await Expect(page.Locator(".page-head").GetByText("Completed", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);

        void Note(IRequest request, bool isOpen)
        {
            lock (open)
                _ = !request.Url.Contains("/follow", StringComparison.Ordinal) && !request.Url.EndsWith("/api/events", StringComparison.Ordinal) || (isOpen ? open.Add(request) : open.Remove(request));
        }

        IReadOnlyList<IRequest> Held()
        {
            lock (open)
                return [.. open];
        }

        void Tell()
        {
            if (Held().Count == 0)
                released.TrySetResult();
        }
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    // The browser of the tests shows every page: it is told otherwise.
    static Task Show(IPage page, string state) => page.EvaluateAsync(
        "state => { Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state }); document.dispatchEvent(new Event('visibilitychange')); }", state);

    static async Task SignIn(IPage page, string token)
    {
        await page.GetByLabel("Token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
    }

    static string Text(int line) => string.Create(CultureInfo.InvariantCulture, $"line {line} of the log");

    Task<Standalone.Standalone> Serve(int port, string? asksForTokens = null) => Standalone.Standalone.StartAsync(
        StandaloneOptions.ForOneCommand(_home) with { Port = port, DashboardDirectory = DashboardFiles.Directory, RequireTokens = asksForTokens is not null, AdminTokenFile = asksForTokens }, Cancellation);

    static Task<PlayedRun> Play(Standalone.Standalone server) => PlayedRun.Start(
        server.Bus, new SubmitRun { RunId = Guid.CreateVersion7(), RunName = "writes on", FlowName = "writes", Program = new RunProgram { Path = "/opt/writes" }, Parameters = JsonElement.Parse("{}") }, TimeProvider.System.GetUtcNow());

    static Task Write(PlayedRun run, int first, int last)
    {
        var now = TimeProvider.System.GetUtcNow();
        return run.Log([.. Enumerable.Range(first, last - first + 1).Select(i => (now, 2, Text(i), (Guid?)null))]);
    }
}
