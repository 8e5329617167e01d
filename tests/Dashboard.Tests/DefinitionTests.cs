using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;
using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>What is defined in the page is defined in the server: schedules of a deployment, work queues.</summary>
public sealed class DefinitionTests(Browser browser, LiveServer server)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schedule_is_written_with_its_next_five_times_in_view()
    {
        await server.Client.Deployments.Put("echo", "by-clock", new DeploymentDefinition { Program = LiveServer.Program("Empty"), Queue = "nobody-serves" }, Cancellation);
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go("/deployments/echo/by-clock/schedules");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add a schedule" }).ClickAsync();
        await Expect(page.Locator(".next-times li")).ToHaveCountAsync(5);
        var rule = page.GetByLabel("Minute, hour, day, month, weekday");
        await rule.FillAsync("99 3 * * *");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("cron");
        await rule.FillAsync("15 4 1 1 *");
        await Expect(page.Locator(".next-times li")).ToHaveTextAsync(Enumerable.Range(TimeProvider.System.GetUtcNow().AddHours(-4.25).Year + 1, 5).Select(year => $"{year}-01-01 04:15:00"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Keep these schedules" }).ClickAsync();
        await Expect(page.GetByText("The schedules are kept")).ToBeVisibleAsync();
        Assert.Equal("15 4 1 1 *", Assert.Single((await server.Client.Deployments.Get(new DeploymentKey("echo", "by-clock"), Cancellation)).ScheduleList).Spec.Cron);
        _ = await page.ReloadAsync();
        await Expect(rule).ToHaveValueAsync("15 4 1 1 *");
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Work_queues_are_made_limited_paused_and_put_in_order()
    {
        var (first, second) = ($"a-{Guid.CreateVersion7():N}", $"b-{Guid.CreateVersion7():N}");
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go("/queues");
        foreach (var name in (string[])[first, second])
        {
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New queue" }).ClickAsync();
            await page.GetByLabel("Name").FillAsync(name);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make it" }).ClickAsync();
            await Expect(Queue(page, name)).ToBeVisibleAsync();
        }

        await Queue(page, second).GetByLabel("at most").FillAsync("3");
        await Queue(page, second).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Keep" }).ClickAsync();
        await Expect(page.GetByText("The limit is kept")).ToBeVisibleAsync();
        await Queue(page, second).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause" }).ClickAsync();
        await Expect(Queue(page, second).GetByText("Paused")).ToBeVisibleAsync();
        await Queue(page, first).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = $"Move {first} down" }).ClickAsync();
        await Expect(page.GetByText("The order is kept")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("([a, b]) => { const all = [...document.querySelectorAll('.queue-list h2')].map(h => h.textContent.trim()); return all.findIndex(t => t.startsWith(b)) < all.findIndex(t => t.startsWith(a)); }", new[] { first, second });
        var kept = await server.Client.WorkQueues.Get(second, Cancellation);
        Assert.Equal((3, true), (kept.ConcurrencyLimit, kept.Paused));
        Assert.True(kept.Priority < (await server.Client.WorkQueues.Get(first, Cancellation)).Priority);
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_tag_is_limited_its_holders_shown_and_the_limit_taken_away()
    {
        var (tag, release) = ($"t{Guid.CreateVersion7():N}", Path.Combine(server.Home, $"limited-{Guid.CreateVersion7():N}"));
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go("/queues");
        await page.GetByLabel("Tag to limit").FillAsync(tag);
        await page.GetByLabel("Slots").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Limit", Exact = true }).ClickAsync();
        var limit = page.Locator(".list > li", new PageLocatorOptions { HasText = tag });
        await Expect(limit).ToContainTextAsync("0 of 2 slots held");
        _ = await server.Submit(new CreateFlowRun { FlowName = "limited", Name = "holds a slot", Tags = [tag], Program = LiveServer.Program("WaitForFile"), Parameters = JsonSerializer.SerializeToElement(new { release }) });
        await Expect(limit).ToContainTextAsync("1 of 2 slots held");
        await Expect(limit.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "holds a slot" })).ToBeVisibleAsync();
        await File.WriteAllTextAsync(release, "", Cancellation);
        await Expect(limit).ToContainTextAsync("0 of 2 slots held");
        await limit.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = $"Take the limit of {tag} away" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Take it away" }).ClickAsync();
        await Expect(limit).ToHaveCountAsync(0);
        Assert.Empty(watched.Wrong);
    }

    static ILocator Queue(IPage page, string name) => page.Locator(".queue-list > li", new PageLocatorOptions { HasText = name });
}
