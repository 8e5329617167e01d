using Holoflow.Domain.Leases;

namespace Holoflow.Domain.FlowRuns;

/// <summary>One state of a flow run as its history keeps it.</summary>
/// <param name="Version">Counts from 1.</param>
/// <param name="Type">The state's type.</param>
/// <param name="Name">The state's name.</param>
/// <param name="At">When it was entered.</param>
/// <param name="Epoch">The fencing epoch then.</param>
/// <param name="AgentId">Who held the run then; null: nobody.</param>
public sealed record FlowRunStep(long Version, RunStateType Type, string Name, DateTimeOffset At, long Epoch, string? AgentId);

/// <summary>Tells whether a history is one that the machine can have made: each step must be the machine's answer to some command.</summary>
public static class FlowRunHistory
{
    static readonly Guid AnyOffer = Guid.Empty;
    static readonly (RetryPolicy Retry, CrashPolicy OnCrash)[] Policies =
    [
        (RetryPolicy.None, CrashPolicy.LeaveCrashed), (new RetryPolicy(int.MaxValue, TimeSpan.Zero), CrashPolicy.LeaveCrashed), (RetryPolicy.None, new CrashPolicy(int.MaxValue)),
    ];

    /// <summary>What is wrong with the first step that cannot be; null: nothing.</summary>
    public static string? FirstFault(IReadOnlyList<FlowRunStep> steps)
    {
        if (FaultOfStart(steps, RunStateType.Scheduled) is { } start)
            return start;
        for (var i = 1; i < steps.Count; i++)
        {
            if (FaultOfVersion(steps[i - 1], steps[i]) is { } fault)
                return fault;
            if (!CanFollow(steps[i - 1], steps[i]))
                return $"version {steps[i].Version}: the machine makes no {Shown(steps[i])} of {Shown(steps[i - 1])}";
        }

        return null;
    }

    /// <summary>As <see cref="FirstFault"/>, of a nested run: its process decides its states, and Completed is left by nothing.</summary>
    public static string? FirstNestedFault(IReadOnlyList<FlowRunStep> steps)
    {
        if (FaultOfStart(steps, RunStateType.Pending) is { } start)
            return start;
        for (var i = 1; i < steps.Count; i++)
        {
            if (FaultOfVersion(steps[i - 1], steps[i]) is { } fault)
                return fault;
            if (steps[i - 1].Type == RunStateType.Completed)
                return $"version {steps[i].Version}: a nested run that is Completed cannot become {Shown(steps[i])}";
        }

        return null;
    }

    static string? FaultOfStart(IReadOnlyList<FlowRunStep> steps, RunStateType first) => steps switch
    {
        [] => "it has no history",
        [{ Version: not 1 } step, ..] => $"its history begins with version {step.Version}, not 1",
        [var step, ..] when step.Type != first || step.AgentId is not null || step.Epoch != 0 => $"version 1: a run begins as {first}, held by nobody, not as {Shown(step)}",
        _ => null,
    };

    static string? FaultOfVersion(FlowRunStep before, FlowRunStep step) =>
        step.Version == before.Version + 1 ? null : $"version {before.Version} is followed by version {step.Version}";

    static bool CanFollow(FlowRunStep before, FlowRunStep step) =>
        Policies.Any(policy => Commands(before, step).Any(command => FlowRunMachine.Decide(RunAt(before, step.At, policy.Retry, policy.OnCrash), command, step.At) is Decision.Accept accept && Is(accept.Next, step)));

    static bool Is(FlowRun run, FlowRunStep step) =>
        run.State.Type == step.Type && string.Equals(run.State.Name, step.Name, StringComparison.Ordinal) && run.Epoch == step.Epoch && run.Lease?.AgentId == step.AgentId;

    // Times and policies are as they must have been for the step to be: whether the run was due or its lease over is not told by the history.
    static FlowRun RunAt(FlowRunStep step, DateTimeOffset now, RetryPolicy retry, CrashPolicy onCrash) =>
        FlowRun.Create(Guid.Empty, step.At, DateTimeOffset.MinValue, retry, onCrash, now) with
        {
            State = new RunState(step.Type, step.Name, step.At),
            Version = step.Version,
            Epoch = step.Epoch,
            RunCount = (int)step.Epoch,
            Lease = step.AgentId is { } agent ? new Lease(agent, AnyOffer, step.Epoch, now) : null,
        };

    static IEnumerable<FlowRunCommand> Commands(FlowRunStep before, FlowRunStep step)
    {
        if (step.AgentId is { } agent)
            yield return new FlowRunCommand.Claim(agent, AnyOffer, TimeSpan.FromSeconds(1));
        yield return new FlowRunCommand.Start(before.Epoch);
        yield return new FlowRunCommand.GiveBack(before.Epoch, "");
        foreach (var outcome in Enum.GetValues<RunOutcome>())
            yield return new FlowRunCommand.Finish(before.Epoch, outcome, step.Name);
        yield return new FlowRunCommand.ExpireLease(before.Epoch);
        yield return new FlowRunCommand.Cancel(null);
        yield return new FlowRunCommand.Pause(null);
        yield return new FlowRunCommand.Resume();
        yield return new FlowRunCommand.Rerun(null);
        yield return new FlowRunCommand.MarkLate(TimeSpan.Zero);
        yield return new FlowRunCommand.ExpireLate();
    }

    static string Shown(FlowRunStep step) =>
        $"{step.Type}{(step.Name == step.Type.ToString() ? "" : $" ({step.Name})")} of epoch {step.Epoch}{(step.AgentId is { } agent ? $" held by '{agent}'" : "")}";
}
