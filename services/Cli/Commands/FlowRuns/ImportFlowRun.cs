using System.CommandLine;

namespace Holoflow.Cli.Commands.FlowRuns;

/// <summary>A run that was exported, taken into another history.</summary>
static class ImportFlowRun
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { HelpName = "FILE.tar.gz", Description = "What 'holoflow flow-run export' wrote." };
        return new Command("import", "Take in a flow run that was exported, with its history, tasks, logs, artifacts and their files.") { file }.Does(async context =>
        {
            var path = context.Value(file);
            Stream Open() => new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            try
            {
                await using var readable = Open();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CommandException.BadInput($"'{path}' cannot be read: {e.Message}");
            }

            await using var api = await ApiSession.Open(context);
            var result = await api.Client.FlowRuns.Import(Open, context.Cancellation);
            CommandAnswers.Tell(context.Output, $"flow run {result.Id}", "imported", result);
            return ExitCodes.Done;
        });
    }
}
