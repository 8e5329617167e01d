using System.Diagnostics;

namespace Holoflow.CliBenchmarks;

/// <summary>The programs that are measured.</summary>
/// <param name="Published">The command with code compiled ahead of time.</param>
/// <param name="Plain">The command as <c>dotnet build -c Release</c> makes it.</param>
/// <param name="Flows">The sample flow program, compiled ahead of time.</param>
sealed record Builds(string Published, string Plain, string Flows)
{
    public static async Task<Builds> Publish()
    {
        var root = Root();
        var output = Path.Combine(Path.GetTempPath(), "holoflow-bench-publish");
        await Dotnet(root, "build", "services/Cli", "-c", "Release", "-v", "quiet", "--nologo", "-p:RunAnalyzers=false");
        await Dotnet(root, Publishing("services/Cli", Path.Combine(output, "cli")));
        await Dotnet(root, Publishing("tests/SampleFlows", Path.Combine(output, "flows")));
        return new Builds(
            Path.Combine(output, "cli", "holoflow"),
            Path.Combine(root, "services/Cli/bin/Release/net10.0/holoflow"),
            Path.Combine(output, "flows", "Holoflow.SampleFlows.dll"));
    }

    static string[] Publishing(string project, string output) =>
        ["publish", project, "-c", "Release", "--use-current-runtime", "-p:PublishReadyToRun=true", "--self-contained", "false", "-o", output, "-v", "quiet", "--nologo", "-p:RunAnalyzers=false"];

    static async Task Dotnet(string root, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = root, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed");
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Microservices.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the benchmarks do not lie in the repository");
        return folder.FullName;
    }
}
