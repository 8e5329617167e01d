using Holoflow.Dashboard.Tests.Fixture;
using Holoflow.Standalone;
using static Microsoft.Playwright.Assertions;

namespace Holoflow.Dashboard.Tests;

/// <summary>A server on its first day: every page says what to type next.</summary>
public sealed class EmptyTests(Browser browser) : IDisposable
{
    readonly string _home = Directory.CreateTempSubdirectory("holoflow-dashboard-empty-").FullName;

    [Fact]
    public async Task Where_nothing_is_yet_the_next_command_is_named()
    {
        await using var server = await Standalone.Standalone.StartAsync(StandaloneOptions.ForOneCommand(_home) with { DashboardDirectory = DashboardFiles.Directory }, TestContext.Current.CancellationToken);
        await using var watched = await browser.Open((await server.ApiStarted)!, 360, 760);
        foreach (var (path, commands) in new (string, string[])[]
        {
            ("/", ["holoflow deployment run FLOW/NAME", "holoflow work-queue ls", "holoflow flow-run ls --state Failed --state Crashed", "holoflow agent start -q default"]),
            ("/runs", ["holoflow demo"]),
            ("/runs?state=Failed", ["holoflow flow-run ls"]),
            ("/deployments", ["holoflow deployment build path/to/Program.dll --name NAME --apply"]),
            ("/agents", ["holoflow agent start -q default"]),
            ("/schedules", ["holoflow deployment build path/to/Program.dll --name NAME --cron \"0 3 * * *\" --apply"]),
            ("/holography", ["holoflow demo"]),
        })
        {
            await watched.Go(path);
            await Expect(watched.Page.Locator(".empty code")).ToHaveTextAsync(commands);
            Assert.True(await watched.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0, $"{path} is too wide");
            Assert.Empty(await Accessibility.Faults(watched.Page));
        }

        Assert.Empty(watched.Wrong);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
