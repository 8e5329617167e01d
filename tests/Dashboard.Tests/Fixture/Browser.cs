using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Holoflow.Dashboard.Tests.Fixture.Browser))]

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>One Chromium for all tests; each takes a context of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Generous: all suites run at once on the machine that judges them.</summary>
    public const float Patience = 90_000;

    IPlaywright? _playwright;
    IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable(),
            Args = ["--no-sandbox", "--disable-gpu", "--force-device-scale-factor=1", "--font-render-hinting=none", "--disable-lcd-text"],
        });
    }

    /// <summary>A page of its own on the server; what goes wrong in it is noted.</summary>
    internal async Task<Watched> Open(Uri server, int width = 1440, int height = 900, bool dark = false, DateTimeOffset? now = null, string zone = "UTC")
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = zone,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        if (now is { } at)
            await page.Clock.SetFixedTimeAsync(at.UtcDateTime);
        return new Watched(context, page);
    }

    /// <summary>Has a function work on an empty page that belongs to no server.</summary>
    internal async Task<T> Judge<T>(string function, object argument)
    {
        var page = await _browser!.NewPageAsync();
        try
        {
            return await page.EvaluateAsync<T>(function, argument);
        }
        finally
        {
            await page.CloseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    static string Executable() => Environment.GetEnvironmentVariable("HOLOFLOW_TEST_CHROMIUM") ?? "/usr/bin/chromium";
}
