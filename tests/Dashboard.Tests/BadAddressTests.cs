using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>Addresses that name nothing, or ask for what cannot be: one clear message each, and the page stands.</summary>
public sealed class BadAddressTests(Browser browser, PlayedServer server)
{
    [Theory]
    [InlineData("/runs?state=Nonsense", "Nonsense")]
    [InlineData("/runs?since=2026-03-02T00:00Z&until=2026-03-01T00:00Z", "must be before 'until'")]
    [InlineData("/runs?since=yesterday", "since")]
    [InlineData("/runs?parameter=beams", "is not NAME=VALUE")]
    [InlineData("/runs?deployment=no/such", "there is no deployment 'no/such'")]
    [InlineData("/runs?parent=nobody", "parent: must be an id")]
    [InlineData("/runs/no-id-at-all", "no-id-at-all")]
    [InlineData("/runs/%252e%252e", "is no id")]
    [InlineData("/runs/0198c0de-0000-7000-8000-000000000000", "there is no flow run with the id")]
    [InlineData("/runs/0198c0de-0000-7000-8000-000000000000/logs?line=-5", "there is no flow run with the id")]
    [InlineData("/runs/REDUCED/logs?level=Loud", "level: must be")]
    [InlineData("/runs/REDUCED/logs?taskRun=nobody", "taskRun: must be an id")]
    [InlineData("/task-runs/0198c0de-0000-7000-8000-000000000000", "there is no task run")]
    [InlineData("/task-runs/..%2F..%2Fetc", "is no id")]
    [InlineData("/deployments/no/such", "no/such")]
    [InlineData("/nowhere", "There is no page at this address")]
    [InlineData("/holography?sbid=none", "No run of this scheduling block")]
    public async Task What_is_not_there_or_not_possible_is_said_once_and_clearly(string path, string says)
    {
        await using var watched = await browser.Open(server.Address, 360, 760, now: Observatory.Now);
        var page = watched.Page;
        _ = await page.GotoAsync(path.Replace("REDUCED", server.Observatory.Reduced.ToString(), StringComparison.Ordinal));
        var told = page.Locator("[role=alert], .empty").Filter(new LocatorFilterOptions { HasText = says });
        await Expect(told).ToHaveCountAsync(1);
        await Expect(told).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0, "too wide");
        // The way on is there.
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Pages" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Overview" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Activity" })).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);
    }
}
