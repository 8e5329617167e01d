using System.Diagnostics;
using System.Text.Json;

namespace Holoflow.Domain.Tests.Schedules;

/// <summary>
/// Debian's python3 with a package as independent judge. The script reads one JSON value as <c>questions</c> and assigns <c>answers</c>;
/// one process answers all questions of a test. A missing interpreter or package fails the test with the judge's own words.
/// </summary>
static class PythonJudge
{
    const string Interpreter = "/usr/bin/python3";

    public static async Task<TAnswers> Ask<TAnswers>(string script, object questions)
    {
        var frame = $"import json, sys\nquestions = json.load(sys.stdin)\n{script}\njson.dump(answers, sys.stdout)\n";
        var start = new ProcessStartInfo(Interpreter, ["-W", "ignore", "-c", frame])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Interpreter} did not start");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(questions).AsMemory(), cancellation);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"The judge failed (is its Debian package installed?):\n{await errors}");
        return JsonSerializer.Deserialize<TAnswers>(await output)!;
    }
}
