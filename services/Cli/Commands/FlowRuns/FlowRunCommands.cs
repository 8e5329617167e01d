using System.CommandLine;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.FlowRuns;

/// <summary>Commands that ask one thing of one flow run.</summary>
static class FlowRunCommands
{
    public static Command Cancel() => WithReason(
        "cancel", "Cancel a flow run; its processes are ended first.", "cancellation was asked for", (client, id, reason, cancellation) => client.FlowRuns.Cancel(id, reason, cancellation));

    public static Command Pause() => WithReason(
        "pause", "Pause a flow run: running tasks end, no more are started.", "paused", (client, id, reason, cancellation) => client.FlowRuns.Pause(id, reason, cancellation));

    public static Command Resume() => Simple(
        "resume", "Let a paused flow run go on.", "goes on", (client, id, cancellation) => client.FlowRuns.Resume(id, cancellation));

    static Command WithReason(string name, string description, string done, Func<HoloflowClient, Guid, string?, CancellationToken, Task<CommandResult>> ask)
    {
        var reference = RunReference.Argument();
        var reason = new Option<string?>("--reason") { Description = "Why; kept in the run's history.", HelpName = "TEXT" };
        return new Command(name, description) { reference, reason }.Does(context =>
            Ask(context, context.Value(reference), done, (client, id, cancellation) => ask(client, id, context.Value(reason), cancellation)));
    }

    static Command Simple(string name, string description, string done, Func<HoloflowClient, Guid, CancellationToken, Task<CommandResult>> ask)
    {
        var reference = RunReference.Argument();
        return new Command(name, description) { reference }.Does(context => Ask(context, context.Value(reference), done, ask));
    }

    static async Task<int> Ask(CommandContext context, string reference, string done, Func<HoloflowClient, Guid, CancellationToken, Task<CommandResult>> ask)
    {
        await using var api = await ApiSession.Open(context);
        var id = await RunReference.Resolve(api.Client, reference, context.Cancellation);
        var result = await ask(api.Client, id, context.Cancellation);
        CommandAnswers.Tell(context.Output, $"flow run {id}", done, result);
        return ExitCodes.Done;
    }
}
