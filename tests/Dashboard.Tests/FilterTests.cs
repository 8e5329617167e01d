using System.Text.RegularExpressions;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>The filters of the list of runs live in the address.</summary>
public sealed class FilterTests(Browser browser, LiveServer server)
{
    [Fact]
    public async Task Filters_survive_a_reload_the_way_back_and_a_name_of_their_own()
    {
        var flow = $"filtered-{Guid.CreateVersion7():N}";
        foreach (var tags in (string[][])[["50%20 night"], ["50%20 night", "spare"], ["day"]])
            _ = await server.Submit(new CreateFlowRun { FlowName = flow, Queue = "nobody-serves", Tags = tags, Program = LiveServer.Program("Empty") });
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go("/runs");
        await page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "States" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Scheduled" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "More filters" }).ClickAsync();
        await page.GetByLabel(new Regex("^Flow")).SelectOptionAsync(flow);
        await page.GetByLabel("Tag").FillAsync("50%20 night");
        await page.GetByLabel("Tag").PressAsync("Enter");
        await Shows(page, flow, 2);
        var address = page.Url;

        _ = await page.ReloadAsync();
        await Shows(page, flow, 2);
        await page.Locator(".rows-row a").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[0-9a-f-]{36}$"));
        _ = await page.GoBackAsync();
        await Shows(page, flow, 2);
        Assert.Equal(address, page.Url);

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByLabel("Name of the filter").FillAsync("our nights");
        await page.GetByLabel("Name of the filter").PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Clear" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs$"));
        await page.GetByLabel("Saved filters").SelectOptionAsync("our nights");
        await Shows(page, flow, 2);
        Assert.Equal(address, page.Url);
        Assert.Empty(watched.Wrong);
    }

    static async Task Shows(IPage page, string flow, int rows)
    {
        await Expect(page).ToHaveURLAsync(new Regex($@"/runs\?state=Scheduled&flow={flow}&tag=50%2520\+night$"));
        await Expect(page.Locator(".rows-row")).ToHaveCountAsync(rows);
        await Expect(page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "States" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Scheduled" })).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Take away tag: 50%20 night" })).ToBeVisibleAsync();
    }
}
