using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Allocations;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Commands.Run;
using Holoflow.Cli.Live;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.FlowRuns;

static class InspectFlowRun
{
    public static Command Create()
    {
        var reference = RunReference.Argument();
        var watch = new Option<bool>("--watch", "-w") { Description = "Show its tasks until it has ended; the exit code is then the run's. Ctrl-C ends the watching, the run goes on." };
        var plain = CommonOptions.Plain();
        var json = CommonOptions.Json();
        return new Command("inspect", "Show all of a flow run.") { reference, watch, plain, json }.Does(async context =>
        {
            if (context.Value(watch) && context.Value(json))
                throw CommandException.BadInput("--watch and --json do not go together: choose one");
            await using var api = await ApiSession.Open(context);
            var runs = api.Client.FlowRuns;
            var id = await RunReference.Resolve(api.Client, context.Value(reference), context.Cancellation);
            if (context.Value(watch))
            {
                using var presenter = RunPresenters.For(id, context.Value(plain), context.Clock);
                return await RunFollowing.Watch(RunFollowing.Looked(api.Client, id, context, logs: false), presenter, context.Interrupts);
            }
            var run = await runs.Get(id, context.Cancellation);
            if (context.Value(json))
            {
                Listing.Json(run, ApiJson.Default.FlowRunDetail);
                return ExitCodes.Done;
            }
            Show(context.Output, run, context.Clock.GetUtcNow());
            var jobs = await runs.Allocations(id, context.Cancellation);
            if (jobs.Count > 0)
                context.Output.WriteLine("Slurm jobs");
            foreach (var job in jobs)
                context.Output.WriteLine($"  {TerminalText.Line(Describe(job))}");
            context.Output.WriteLine("history");
            foreach (var entry in await runs.History(id, context.Cancellation))
                context.Output.WriteLine($"  {Words.Time(entry.State.At)}  {TerminalText.Line(Words.State(entry.State))}");
            return ExitCodes.Done;
        });
    }

    static string Describe(AllocationRow job)
    {
        var name = $"{job.JobId?.ToString() ?? "?"}{(job.ArrayIndex is { } index ? $"_{index}" : "")}";
        var since = job.EndedAt is { } ended ? $"ended {Words.Time(ended)}" : job.StartedAt is { } started ? $"since {Words.Time(started)}" : $"waits since {Words.Time(job.RequestedAt)}";
        return $"{name} {job.State} ({job.Key}, {job.Cluster}{(job.Node is { } node ? $", {node}" : "")}) {since}{(job.Reason is { } reason ? $": {reason}" : "")}{(job is { StartedAt: null, ExpectedAt: { } expected } ? $"; expected at {Words.Time(expected)}" : "")}";
    }

    static void Show(TextWriter output, FlowRunDetail run, DateTimeOffset now) => Listing.Facts(
        output,
        ("id", run.Id.ToString()),
        ("name", run.Name),
        ("flow", run.FlowName),
        ("deployment", Words.Deployment(run)),
        ("parent", run.ParentRunId?.ToString()),
        ("state", Words.State(run.State)),
        ("tasks", Words.Join([.. run.TaskCounts.Where(c => c.Value > 0).Select(c => $"{c.Value} {c.Key}")])),
        ("created", Words.Time(run.CreatedAt)),
        ("due", Words.Time(run.DueAt)),
        ("started", Words.Time(run.StartedAt)),
        ("ended", Words.Time(run.EndedAt)),
        ("took", Words.Took(run.StartedAt, run.EndedAt, now)),
        ("launches", run.RunCount.ToString()),
        ("queue", run.Queue),
        ("priority", run.Priority.ToString()),
        ("tags", Words.Join(run.Tags)),
        ("program", run.Program is { Method: { } method } program ? $"{program.Path}:{method}" : run.Program?.Path),
        ("agent", run.AgentId),
        ("parameters", run.Parameters.GetRawText()),
        ("result", run.Result?.GetRawText()));
}
