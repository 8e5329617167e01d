using System.CommandLine;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Commands.Run;
using Holoflow.Cli.Live;
using Holoflow.Client;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands.FlowRuns;

static class RetryFlowRun
{
    public static Command Create()
    {
        var reference = RunReference.Argument();
        var reason = new Option<string?>("--reason") { Description = "Why; kept in the run's history.", HelpName = "TEXT" };
        var plain = CommonOptions.Plain();
        return new Command("retry", "Run a failed, crashed or cancelled flow run again; finished tasks are not repeated. A run that 'holoflow run' made is run here and shown, unless the settings name a server.") { reference, reason, plain }
            .Does(context => Retry(context, context.Value(reference), context.Value(reason), context.Value(plain)));
    }

    static async Task<int> Retry(CommandContext context, string reference, string? reason, bool plain)
    {
        FlowRunDetail run;
        await using (var api = await ApiSession.Open(context))
        {
            run = await api.Client.FlowRuns.Get(await RunReference.Resolve(api.Client, reference, context.Cancellation), context.Cancellation);
            if (api.IsConfigured || !RetriedRun.IsNeededFor(run.Queue))
            {
                CommandAnswers.Tell(context.Output, $"flow run {run.Id}", "will run again", await api.Client.FlowRuns.Retry(run.Id, reason, context.Cancellation));
                return ExitCodes.Done;
            }
        }

        await using var own = await RetriedRun.StartAsync(context.Paths.Home, run.Id, run.Queue, reason, context.Clock, context.Cancellation);
        using var client = new HoloflowClient(ApiAccess.Options(own.Api, context.Settings));
        using var presenter = RunPresenters.For(run.Id, plain, context.Clock);
        return await RunFollowing.Watch(
            new WatchedRun(client.FlowRuns.Follow(run.Id), () => client.FlowRuns.Cancel(run.Id, "Ctrl-C"), own.KillAsync),
            presenter,
            context.Interrupts);
    }
}
