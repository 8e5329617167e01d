using System.CommandLine;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.FlowRuns;

/// <summary>Removes one ended run, or all that ended long enough ago.</summary>
static class DeleteFlowRuns
{
    static readonly string[] Ended = ["Completed", "Failed", "Crashed", "Cancelled"];

    public static Command Create()
    {
        var reference = new Argument<string>("run") { HelpName = "RUN", Description = "A flow run's id or name.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "" };
        var olderThan = CommonOptions.Duration("--older-than", "Instead of one run: all that ended at least so long ago, such as 90d.");
        var flows = new Option<string[]>("--flow") { Description = "With --older-than: only runs of this flow. May be repeated.", HelpName = "FLOW", DefaultValueFactory = _ => [] };
        return new Command("delete", "Remove ended flow runs with their tasks, logs and artifacts.") { reference, olderThan, flows }.Does(async context =>
        {
            var (run, age) = (context.Value(reference) is { Length: > 0 } named ? named : null, context.Value(olderThan));
            if (run is null == age is null)
                throw CommandException.BadInput("name a flow run, or say --older-than DURATION: one of the two");
            if (run is not null && context.Value(flows).Length > 0)
                throw CommandException.BadInput("--flow goes with --older-than only");
            await using var api = await ApiSession.Open(context);
            if (run is not null)
            {
                var id = await RunReference.Resolve(api.Client, run, context.Cancellation);
                CommandAnswers.Tell(context.Output, $"flow run {id}", "deleted", await api.Client.FlowRuns.Delete(id, context.Cancellation));
                return ExitCodes.Done;
            }

            var deleted = await DeleteEndedBefore(api.Client, context.Clock.GetUtcNow() - age!.Value, context.Value(flows), context.Cancellation);
            context.Output.WriteLine(deleted == 1 ? "1 flow run deleted" : $"{deleted} flow runs deleted");
            return ExitCodes.Done;
        });
    }

    static async Task<int> DeleteEndedBefore(HoloflowClient client, DateTimeOffset time, string[] flows, CancellationToken cancellation)
    {
        var deleted = 0;
        // Nothing ends before it is created; nested runs go with theirs.
        var created = new FlowRunFilter { States = Ended, Flows = flows, Until = time, Sort = FlowRunSort.Oldest, Limit = 200 };
        await foreach (var run in client.FlowRuns.List(created, cancellation))
        {
            if (run is not { ParentRunId: null, EndedAt: { } ended } || ended >= time)
                continue;
            await client.FlowRuns.Delete(run.Id, cancellation);
            deleted++;
        }

        return deleted;
    }
}
