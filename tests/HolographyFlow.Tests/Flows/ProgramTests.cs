using System.Diagnostics;
using System.Text.Json;

namespace Holoflow.HolographyFlow.Tests.Flows;

public sealed class ProgramTests
{
    [Fact]
    public async Task The_program_describes_its_flows_without_a_mistake_and_refuses_unknown_parameters()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Holoflow.HolographyFlow.dll")]) { UseShellExecute = false };
        start.Environment["HOLOFLOW_DESCRIBE_TO"] = folder.File("description.json");
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        var description = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.File("description.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Empty(description.GetProperty("mistakes").EnumerateArray());
        var flows = description.GetProperty("flows").EnumerateArray().ToDictionary(flow => flow.GetProperty("method").GetString()!);
        Assert.Equal(["Demo", "Holography", "Simulate"], flows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Holography Main Flow", flows["Holography"].GetProperty("name").GetString());
        var schema = flows["Holography"].GetProperty("parameterSchema");
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(["sbid", "workdir"], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal("voltage-rbf", schema.GetProperty("properties").GetProperty("regrid").GetProperty("default").GetString());
    }
}
