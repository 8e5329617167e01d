using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using System.Text.Json;
using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>Real runs, started, followed and ended in the page.</summary>
public sealed class RunTests(Browser browser, LiveServer server)
{
    static readonly LocatorAssertionsToBeVisibleOptions Visible = new() { Timeout = Browser.Patience };

    [Fact]
    public async Task A_run_is_followed_to_its_end_without_a_reload()
    {
        var release = Path.Combine(server.Home, $"release-{Guid.CreateVersion7():N}");
        var id = await server.Submit(new CreateFlowRun
        {
            FlowName = "wait-for-file",
            Program = LiveServer.Program("WaitForFile"),
            Parameters = JsonSerializer.SerializeToElement(new { release }),
        });
        await using var watched = await browser.Open(server.Address);
        await watched.Go($"/runs/{id}");
        var head = watched.Page.Locator(".page-head");
        await Expect(head.GetByText("Running", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync(Visible);
        await Expect(watched.Page.Locator(".task-node", new PageLocatorOptions { HasText = "wait" }).First).ToBeVisibleAsync(Visible);
        await File.WriteAllTextAsync(release, "", TestContext.Current.CancellationToken);
        await Expect(head.GetByText("Completed", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync(Visible);
        await Expect(watched.Page.Locator(".task-rows .state", new PageLocatorOptions { HasText = "Completed" })).ToHaveCountAsync(3, new LocatorAssertionsToHaveCountOptions { Timeout = Browser.Patience });
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_form_is_filled_in_corrected_and_sent_and_its_run_shown()
    {
        await server.Client.Deployments.Put("echo", "here", new DeploymentDefinition
        {
            Program = LiveServer.Program("Echo"),
            ParameterSchema = JsonElement.Parse("""
                {"type":"object","required":["text"],"additionalProperties":false,"properties":{
                  "text":{"type":"string","description":"Any text"},"output":{"type":["string","null"]},"number":{"type":"number","minimum":0,"default":1.5}}}
                """),
        }, TestContext.Current.CancellationToken);
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go("/deployments/echo/here/run");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run now" }).ClickAsync();
        await Expect(page.GetByText("is needed")).ToBeVisibleAsync(Visible);
        await page.GetByLabel("text").FillAsync("hello from the page");
        await page.GetByLabel("number").FillAsync("-2");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run now" }).ClickAsync();
        await Expect(page.GetByText("must be at least 0")).ToBeVisibleAsync(Visible);
        await page.GetByLabel("number").FillAsync("2.5");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run now" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[0-9a-f-]{36}$"), new PageAssertionsToHaveURLOptions { Timeout = Browser.Patience });
        await Expect(page.Locator(".page-head").GetByText("Completed", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync(Visible);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Logs" }).ClickAsync();
        await Expect(page.Locator(".log-line", new PageLocatorOptions { HasText = "hello from the page" }).First).ToBeVisibleAsync(Visible);
        await page.GotoAsync("/deployments/echo/here/run");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Values of the last run" }).ClickAsync();
        await Expect(page.GetByLabel("text")).ToHaveValueAsync("hello from the page", new LocatorAssertionsToHaveValueOptions { Timeout = Browser.Patience });
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_failed_run_is_retried_a_running_one_paused_and_let_go_on()
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Home, $"tries-{Guid.CreateVersion7():N}")).FullName;
        var failing = await server.Submit(new CreateFlowRun { FlowName = "fails-once", Program = LiveServer.Program("FailThenSucceed"), Parameters = JsonSerializer.SerializeToElement(new { directory = folder }) });
        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go($"/runs/{failing}");
        var head = page.Locator(".page-head");
        await Expect(page.Locator(".message.bad").First).ToContainTextAsync("failure 1 of 1");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry" }).ClickAsync();
        await Expect(head.GetByText("Completed", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();

        var release = Path.Combine(folder, "release");
        var waits = await server.Submit(new CreateFlowRun { FlowName = "waits", Program = LiveServer.Program("WaitForFile"), Parameters = JsonSerializer.SerializeToElement(new { release }) });
        await watched.Go($"/runs/{waits}");
        await Expect(page.Locator(".task-rows .state", new PageLocatorOptions { HasText = "Running" })).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Pause" }).ClickAsync();
        await Expect(head.GetByText("Paused", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Resume" }).ClickAsync();
        await Expect(head.GetByText("Running", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await File.WriteAllTextAsync(release, "", TestContext.Current.CancellationToken);
        await Expect(head.GetByText("Completed", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Chosen_runs_are_cancelled_retried_and_deleted_after_a_question()
    {
        var flow = $"wait-{Guid.CreateVersion7():N}";
        for (var i = 0; i < 2; i++)
        {
            _ = await server.Submit(new CreateFlowRun { FlowName = flow, Queue = "nobody-serves", Program = LiveServer.Program("Empty") });
        }

        await using var watched = await browser.Open(server.Address);
        var page = watched.Page;
        await watched.Go($"/runs?flow={flow}");
        await page.GetByLabel("Choose all that are listed").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel 2", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel 2 runs" }).ClickAsync();
        await Expect(page.Locator(".rows-row .state", new PageLocatorOptions { HasText = "Cancelled" })).ToHaveCountAsync(2);

        await ChooseAll();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry 2", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Retry 2 runs" }).ClickAsync();
        await Expect(page.Locator(".rows-row .state", new PageLocatorOptions { HasText = "Cancelled" })).ToHaveCountAsync(0);

        await ChooseAll();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel 2", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel 2 runs" }).ClickAsync();
        await Expect(page.Locator(".rows-row .state", new PageLocatorOptions { HasText = "Cancelled" })).ToHaveCountAsync(2);
        await ChooseAll();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete 2", Exact = true }).ClickAsync();
        // Asked first, and left: nothing is gone.
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Leave it" }).ClickAsync();
        await Expect(page.Locator(".rows-row")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete 2", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete 2 runs" }).ClickAsync();
        await Expect(page.GetByText("No run fits these filters")).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);

        // The list shows what became of the runs a moment before they are no longer chosen.
        async Task ChooseAll()
        {
            var all = page.GetByLabel("Choose all that are listed");
            await Expect(all).Not.ToBeCheckedAsync();
            await all.CheckAsync();
        }
    }
}
