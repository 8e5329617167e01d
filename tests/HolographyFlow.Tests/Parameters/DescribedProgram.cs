using System.Diagnostics;
using System.Text.Json;
using Holoflow.RunProtocol;

namespace Holoflow.HolographyFlow.Tests.Parameters;

/// <summary>What the program says of its flows, asked once.</summary>
public sealed class DescribedProgram : IAsyncLifetime
{
    /// <summary>The schema of the holography flow's parameters.</summary>
    internal JsonElement Schema { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Holoflow.HolographyFlow.dll")]) { UseShellExecute = false };
        start.Environment[RunEnvironment.DescribeTo] = folder.File("description.json");
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var description = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.File("description.json"))).RootElement;
        Schema = description.GetProperty("flows").EnumerateArray().Single(flow => flow.GetProperty("method").GetString() == "Holography").GetProperty("parameterSchema").Clone();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
