using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Standalone;

// A process of all services, to be killed by tests: prints "submitted RUN" and, at its end, the state of the run.
// Arguments: the state directory, the flow program.
var ended = new TaskCompletionSource<string>();
await using var standalone = await Standalone.StartAsync(StandaloneOptions.ForOneRun(args[0]));
var run = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
await using var states = standalone.Bus.Subscribe<RunStateChanged>(new Subscription("run.#"), (change, _) =>
{
    if (change.RunId == run && change.StateType is "Completed" or "Failed" or "Crashed" or "Cancelled")
        ended.TrySetResult($"{change.StateType} {change.Message}");
    return ValueTask.CompletedTask;
});
var answer = await Submit(new SubmitRun
{
    RunId = run,
    FlowName = "sample",
    Program = new RunProgram { Path = args[1] },
    Parameters = JsonDocument.Parse("{}").RootElement,
});
Console.WriteLine($"submitted {run} {answer.Outcome} {answer.Reason}");
Console.WriteLine(await ended.Task);

// On a machine with far too much to do an answer takes its time; a repeat makes no second run.
async Task<CommandAnswered> Submit(SubmitRun submission)
{
    while (true)
    {
        try
        {
            return await standalone.SubmitOwnAsync(submission);
        }
        catch (TimeoutException)
        {
            continue;
        }
    }
}
