using Holoflow.Domain.FlowRuns;
using Holoflow.Domain.Leases;

namespace Holoflow.Domain.Tests.FlowRuns;

/// <summary>A valid run in each state, and a valid command of each kind; a test overrides what it is about.</summary>
static class FlowRunSamples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    public static readonly Guid Offer = new("019cb000-0000-7000-8000-000000000001");

    public static FlowRun Run(RunStateType type, bool held = false, int retries = 0, int reschedules = 0)
    {
        var run = FlowRun.Create(new Guid("019cb000-0000-7000-8000-000000000000"), Now.AddHours(-1), Now.AddHours(-1), new RetryPolicy(retries, TimeSpan.FromSeconds(10)), new CrashPolicy(reschedules));
        var leased = held || type is RunStateType.Pending or RunStateType.Running or RunStateType.Cancelling;
        return run with
        {
            State = RunState.Of(type, Now.AddMinutes(-1)),
            Version = 3,
            Epoch = type == RunStateType.Scheduled ? 0 : 1,
            RunCount = type == RunStateType.Scheduled ? 0 : 1,
            Lease = leased ? new Lease("agent-1", Offer, 1, Now.AddSeconds(-1)) : null,
        };
    }

    public static IEnumerable<(string Title, FlowRun Run)> Runs()
    {
        foreach (var type in Enum.GetValues<RunStateType>().Where(t => t != RunStateType.Paused))
            yield return (type.ToString(), Run(type));
        yield return ("Paused, not started", Run(RunStateType.Paused));
        yield return ("Paused, running", Run(RunStateType.Paused, held: true));
        yield return ("Running, may retry", Run(RunStateType.Running, retries: 1));
        yield return ("Running, may reschedule", Run(RunStateType.Running, reschedules: 1));
    }

    public static IEnumerable<(string Title, FlowRunCommand Command)> Commands()
    {
        yield return ("Claim", new FlowRunCommand.Claim("agent-2", new Guid("019cb000-0000-7000-8000-000000000002"), TimeSpan.FromSeconds(15)));
        yield return ("Claim, repeated", new FlowRunCommand.Claim("agent-1", Offer, TimeSpan.FromSeconds(15)));
        yield return ("Start", new FlowRunCommand.Start(1));
        yield return ("Start, fenced", new FlowRunCommand.Start(0));
        yield return ("GiveBack", new FlowRunCommand.GiveBack(1, "no such program"));
        foreach (var outcome in Enum.GetValues<RunOutcome>())
            yield return ($"Finish {outcome}", new FlowRunCommand.Finish(1, outcome));
        yield return ("ExpireLease", new FlowRunCommand.ExpireLease(1));
        yield return ("Cancel", new FlowRunCommand.Cancel("by hand"));
        yield return ("Pause", new FlowRunCommand.Pause("by hand"));
        yield return ("Resume", new FlowRunCommand.Resume());
        yield return ("Rerun", new FlowRunCommand.Rerun(null));
        yield return ("MarkLate", new FlowRunCommand.MarkLate(TimeSpan.FromSeconds(15)));
        yield return ("ExpireLate", new FlowRunCommand.ExpireLate());
    }
}
