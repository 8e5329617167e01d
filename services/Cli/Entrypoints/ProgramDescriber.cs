using System.Diagnostics;
using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Cli.Entrypoints;

/// <summary>Asks a flow program what flows it has, by starting it.</summary>
sealed class ProgramDescriber(TimeSpan startToDescription)
{
    const int MostShown = 300;

    /// <summary>Starts the program with HOLOFLOW_DESCRIBE_TO and reads what it wrote.</summary>
    /// <exception cref="CommandException">It could not be started, or is no flow program.</exception>
    public async Task<ProgramDescription> Describe(Entrypoint entrypoint, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("holoflow-describe-");
        try
        {
            var file = Path.Combine(folder.FullName, "description.json");
            var (exitCode, errors) = await Start(entrypoint, file, cancellation);
            if (!File.Exists(file))
                throw CommandException.BadInput($"entrypoint '{entrypoint.Path}' is not a flow program: it ended with exit code {exitCode} and described no flows (its Main should be: return await FlowProgram.RunAsync(args)){Said(errors)}");
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellation), JournalFormat.Default.ProgramDescription)
                ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw CommandException.BadInput($"entrypoint '{entrypoint.Path}' described its flows in a form that this version does not read: {e.Message}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    async Task<(int ExitCode, string Errors)> Start(Entrypoint entrypoint, string file, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = StartInfo(entrypoint, file) };
        try
        {
            _ = process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw CommandException.BadInput($"entrypoint '{entrypoint.Path}' cannot be started: {e.Message}");
        }
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(startToDescription);
        try
        {
            var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            throw CommandException.BadInput($"entrypoint '{entrypoint.Path}' is not a flow program: asked to describe its flows it was still running after {startToDescription.TotalSeconds:0} s");
        }
    }

    static ProcessStartInfo StartInfo(Entrypoint entrypoint, string file)
    {
        var start = new ProcessStartInfo(entrypoint.IsAssembly ? "dotnet" : entrypoint.Path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (entrypoint.IsAssembly)
            start.ArgumentList.Add(entrypoint.Path);
        start.Environment[RunEnvironment.DescribeTo] = file;
        start.Environment.Remove(RunEnvironment.RunDirectory);
        start.Environment.Remove(RunEnvironment.Method);
        return start;
    }

    static string Said(string errors)
    {
        var first = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
        return first is null ? "" : $"; it said: {(first.Length > MostShown ? first[..MostShown] + "…" : first)}";
    }
}
