using System.Text.Json;
using Microsoft.Playwright;

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>What axe-core says of a page against WCAG 2.2, levels A and AA.</summary>
static class Accessibility
{
    const string Run = """
        async () => {
          const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
          return JSON.stringify(found.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`));
        }
        """;

    public static async Task<IReadOnlyList<string>> Faults(IPage page)
    {
        // Evaluated by the debugger, which the page's policy does not bind.
        _ = await page.EvaluateAsync(await File.ReadAllTextAsync(DashboardFiles.AxeScript, TestContext.Current.CancellationToken));
        return JsonSerializer.Deserialize<string[]>(await page.EvaluateAsync<string>(Run))!;
    }
}
