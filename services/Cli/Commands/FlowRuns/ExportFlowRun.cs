using System.CommandLine;

namespace Holoflow.Cli.Commands.FlowRuns;

/// <summary>One run as a file.</summary>
static class ExportFlowRun
{
    const string Ending = ".tar.gz";
    const string Unfinished = ".part";

    public static Command Create()
    {
        var reference = RunReference.Argument();
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; the run's name with .tar.gz in this directory where nothing is said.", HelpName = $"FILE{Ending}" };
        return new Command("export", "Write an ended flow run with its history, tasks, logs, artifacts and their files into one file; 'holoflow import' takes it in elsewhere.") { reference, output }.Does(async context =>
        {
            if (context.Value(output) is { } given && !given.EndsWith(Ending, StringComparison.Ordinal) && !given.EndsWith(".tgz", StringComparison.Ordinal))
                throw CommandException.BadInput($"--output '{given}' must end in {Ending}: that is what is written");
            await using var api = await ApiSession.Open(context);
            var run = await api.Client.FlowRuns.Get(await RunReference.Resolve(api.Client, context.Value(reference), context.Cancellation), context.Cancellation);
            var path = Path.GetFullPath(context.Value(output) ?? $"{string.Concat(run.Name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).TrimStart('.')}{Ending}");
            if (Path.Exists(path))
                throw CommandException.BadInput($"'{path}' is there already: name another file with -o, or remove it");
            await Write(path, file => api.Client.FlowRuns.Export(run.Id, file, context.Cancellation));
            context.Output.WriteLine($"flow run {run.Id}: written to {Output.TerminalText.Line(path)} ({new FileInfo(path).Length / 1024.0:0} KiB)");
            return ExitCodes.Done;
        });
    }

    // Half a file never stands under its name.
    static async Task Write(string path, Func<FileStream, Task> write)
    {
        try
        {
            await using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write))
                await write(file);
            File.Move(path + Unfinished, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !File.Exists(path + Unfinished))
        {
            throw CommandException.BadInput($"'{path}' cannot be written: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(Path.GetDirectoryName(path)))
                File.Delete(path + Unfinished);
        }
    }
}
