using System.Diagnostics;

namespace Holoflow.Stack.Tests;

/// <summary>The <c>holoflow</c> command as a process, with a home of its own.</summary>
static class HoloflowCommand
{
    /// <summary>Its program.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "holoflow.dll");

    /// <summary>Runs it to its end.</summary>
    /// <param name="home">Its state directory.</param>
    /// <param name="server">The server that it asks; null: none.</param>
    /// <param name="arguments">What was typed.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(string home, Uri? server, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOLOFLOW_HOME"] = home;
        if (server is not null)
            start.Environment["HOLOFLOW_API_URL"] = server.AbsoluteUri;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>It refuses, in one line.</summary>
    public static async Task Refused(string home, Uri? server, string[] arguments, string says)
    {
        var (code, _, errors) = await Run(home, server, arguments);
        Assert.True(code == 2, $"{code}: {errors}");
        Assert.Contains(says, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
