using System.Text.Json;
using System.Text.RegularExpressions;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Dashboard.Tests.Fixture;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>The main job by keys alone: start a run, follow it, read its log, find it again, cancel another.</summary>
public sealed class KeyboardTests(Browser browser, LiveServer server)
{
    const string Focused = """
        () => {
          const e = document.activeElement;
          const label = e.labels?.[0]?.textContent ?? e.getAttribute('aria-label') ?? e.textContent;
          return label.trim().replace(/\s+/g, ' ');
        }
        """;

    [Fact]
    public async Task A_run_is_started_followed_found_again_and_another_cancelled_without_a_mouse()
    {
        await server.Client.Deployments.Put("echo", "keys", new DeploymentDefinition
        {
            Program = LiveServer.Program("Echo"),
            ParameterSchema = JsonElement.Parse("""{"type":"object","required":["text"],"properties":{"text":{"type":"string"}}}"""),
        }, TestContext.Current.CancellationToken);
        var waiting = $"waits-{Guid.CreateVersion7():N}";
        _ = await server.Submit(new CreateFlowRun { FlowName = waiting, Name = waiting, Queue = "nobody-serves", Program = LiveServer.Program("Empty") });
        // A clock that stands: two keys of one word may come as slowly as they like.
        await using var watched = await browser.Open(server.Address, now: TimeProvider.System.GetUtcNow());
        var (page, keys) = (watched.Page, watched.Page.Keyboard);
        await watched.Go("/");

        await keys.PressAsync("g");
        await keys.PressAsync("d");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Deployments", Exact = true })).ToBeVisibleAsync();
        await keys.PressAsync("/");
        await keys.TypeAsync("echo");
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "echo/keys" })).ToBeVisibleAsync();
        await TabTo(page, "echo/keys");
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run now", Exact = true })).ToBeVisibleAsync();
        await TabTo(page, "text *");
        var text = $"by keys {Guid.CreateVersion7():N}";
        await keys.TypeAsync(text);
        await TabTo(page, "Run now");
        // The tab of this name comes after the fields when one goes on; the button is the one that sends.
        await keys.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[0-9a-f-]{36}$"));
        await Expect(page.Locator(".page-head").GetByText("Completed", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        var run = page.Url[^36..];
        await TabTo(page, "Logs");
        await keys.PressAsync("Enter");
        await Expect(page.Locator(".log-line", new PageLocatorOptions { HasText = text })).ToBeVisibleAsync();

        await keys.PressAsync("g");
        await keys.PressAsync("r");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Runs", Exact = true })).ToBeVisibleAsync();
        await keys.PressAsync("/");
        await keys.TypeAsync(waiting);
        await Expect(page.Locator(".rows-row")).ToHaveCountAsync(1);
        await Expect(page.Locator(".rows-row", new PageLocatorOptions { HasText = waiting })).ToHaveCountAsync(1);
        await TabTo(page, waiting);
        await keys.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel", Exact = true })).ToBeVisibleAsync();
        await TabTo(page, "Cancel");
        await keys.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel", Exact = true })).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        await TabTo(page, "Cancel");
        await keys.PressAsync("Enter");
        await Expect(page.Locator(".page-head").GetByText("Cancelled", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();

        await keys.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { Name = "Keys" })).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        Assert.Equal("Completed", (await server.Client.FlowRuns.Get(Guid.Parse(run), TestContext.Current.CancellationToken)).State.Name);
        Assert.Empty(watched.Wrong);
    }

    /// <summary>Presses Tab until what bears a name has the focus, and sees that the focus is shown.</summary>
    static async Task TabTo(IPage page, string name)
    {
        var passed = new List<string>();
        for (var i = 0; i < 80; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = await page.EvaluateAsync<string>(Focused);
            if (focused == name)
            {
                Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.matches(':focus-visible')"), $"'{name}' does not show that it has the focus");
                return;
            }

            passed.Add(focused.Length > 30 ? focused[..30] : focused);
        }

        Assert.Fail($"'{name}' is not reached by Tab; passed: {string.Join(", ", passed)}");
    }
}
