using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>A page with all that went wrong in it: errors of scripts, and what the content security policy stopped.</summary>
sealed class Watched : IAsyncDisposable
{
    readonly IBrowserContext _context;
    readonly ConcurrentQueue<string> _wrong = new();

    public Watched(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _wrong.Enqueue(error);
        page.Console += (_, message) =>
        {
            // An answer of the API that is no success is told here too; tests ask for such answers on purpose.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _wrong.Enqueue(message.Text);
        };
        page.Dialog += (_, dialog) => _wrong.Enqueue($"a dialog opened: {dialog.Message}");
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>Goes to an address and waits until nothing on it is being loaded.</summary>
    public async Task Go(string path)
    {
        _ = await Page.GotoAsync(path);
        await Settled();
    }

    public async Task Settled()
    {
        await Page.Locator("main h1").First.WaitForAsync();
        await Assertions.Expect(Page.Locator(".loading")).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = Browser.Patience });
        _ = await Page.EvaluateAsync("() => document.fonts.ready.then(() => 0)");
        await Drawn();
    }

    /// <summary>Returns when the page has drawn what it was about to draw.</summary>
    public async Task Drawn() => _ = await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");

    public ValueTask DisposeAsync() => new(_context.CloseAsync());
}
