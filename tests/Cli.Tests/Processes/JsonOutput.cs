using System.Text.Json;

namespace Holoflow.Cli.Tests.Processes;

/// <summary>Reads what commands write with <c>--json</c>.</summary>
static class JsonOutput
{
    public static async Task<IReadOnlyList<JsonElement>> Rows(string home, params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(home, [.. arguments, "--json"]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return [.. JsonElement.Parse(outcome.Output).EnumerateArray()];
    }

    public static async Task<JsonElement> One(string home, params string[] arguments)
    {
        var outcome = await HoloflowProcess.Run(home, [.. arguments, "--json"]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return JsonElement.Parse(outcome.Output);
    }

    /// <summary>A member of a member…, as text.</summary>
    public static string? At(this JsonElement element, params string[] path)
    {
        foreach (var name in path)
            if (!element.TryGetProperty(name, out element))
                return null;
        return element.ToString();
    }
}
