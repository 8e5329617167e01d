using Holoflow.Dashboard.Tests.Fixture;
using Holoflow.Standalone;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>A server that asks for API tokens.</summary>
public sealed class SignInTests(Browser browser)
{
    [Fact]
    public async Task The_page_asks_for_a_token_and_works_with_it()
    {
        var home = Directory.CreateTempSubdirectory("holoflow-dashboard-token-").FullName;
        var file = Path.Combine(home, "admin.token");
        await using (var server = await Standalone.Standalone.StartAsync(
            StandaloneOptions.ForOneCommand(home) with { RequireTokens = true, AdminTokenFile = file, DashboardDirectory = DashboardFiles.Directory }, TestContext.Current.CancellationToken))
        {
            await using var watched = await browser.Open((await server.ApiStarted)!);
            var page = watched.Page;
            _ = await page.GotoAsync("/queues");
            await page.GetByLabel("Token").FillAsync("not the token");
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = Browser.Patience });
            await page.GetByLabel("Token").FillAsync((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim());
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Work queues" })).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = Browser.Patience });
            await Expect(page.GetByText("default", new PageGetByTextOptions { Exact = true }).First).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = Browser.Patience });
        }

        Directory.Delete(home, recursive: true);
    }
}
