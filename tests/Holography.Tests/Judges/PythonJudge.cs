using System.Diagnostics;
using System.Text.Json;

namespace Holoflow.Holography.Tests.Judges;

/// <summary>
/// Runs an independent judge (casacore, astropy, scipy, numpy of Debian's Python) in a process of its own.
/// The script sees its arguments as the dictionary <c>args</c> and answers by assigning <c>result</c>
/// (numbers, strings, lists, dictionaries, numpy arrays and scalars; not-a-number arrives as the string "NaN").
/// A missing interpreter or package fails the test with the judge's own message.
/// </summary>
static class PythonJudge
{
    const string Interpreter = "/usr/bin/python3";

    const string Frame = """
        import sys, json, math
        def _plain(value):
            if hasattr(value, 'tolist'): value = value.tolist()
            if isinstance(value, complex): return [_plain(value.real), _plain(value.imag)]
            if isinstance(value, float) and not math.isfinite(value): return 'NaN' if math.isnan(value) else ('Infinity' if value > 0 else '-Infinity')
            if isinstance(value, bytes): return value.decode()
            if isinstance(value, dict): return {str(k): _plain(v) for k, v in value.items()}
            if isinstance(value, (list, tuple)): return [_plain(v) for v in value]
            return value
        with open(sys.argv[1]) as _file: args = json.load(_file)
        with open(sys.argv[2]) as _file: _script = _file.read()
        _names = {'args': args, 'result': None}
        exec(compile(_script, 'judge', 'exec'), _names)
        with open(sys.argv[3], 'w') as _file: json.dump(_plain(_names['result']), _file)
        """;

    /// <summary>Runs the script and returns what it assigned to <c>result</c>.</summary>
    public static async Task<JsonElement> Ask(string script, object? arguments = null, CancellationToken cancellationToken = default)
    {
        using var folder = new TemporaryFolder();
        string input = folder.File("arguments.json"), program = folder.File("judge.py"), output = folder.File("result.json");
        await File.WriteAllTextAsync(input, JsonSerializer.Serialize(arguments ?? new { }), cancellationToken);
        await File.WriteAllTextAsync(program, script, cancellationToken);
        var start = new ProcessStartInfo(Interpreter) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in new[] { "-c", Frame, input, program, output })
            start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        await Run(start, cancellationToken);
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(output, cancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command-line judge (fitsverify) and returns its standard output; a failing exit code fails the test.</summary>
    public static Task<string> Command(string program, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Run(start, cancellationToken);
    }

    static async Task<string> Run(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"The judge {start.FileName} did not start.");
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            Assert.True(process.ExitCode == 0, $"The judge {start.FileName} ended with {process.ExitCode}:\n{await errors}\n{await output}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
