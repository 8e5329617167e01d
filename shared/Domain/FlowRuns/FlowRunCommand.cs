namespace Holoflow.Domain.FlowRuns;

/// <summary>What can be asked of a flow run.</summary>
public abstract record FlowRunCommand
{
    /// <summary>An agent that took an offer asks for the run.</summary>
    public sealed record Claim(string AgentId, Guid OfferId, TimeSpan LeaseDuration) : FlowRunCommand;

    /// <summary>The subprocess was launched.</summary>
    public sealed record Start(long Epoch) : FlowRunCommand;

    /// <summary>An agent that was granted the run could not launch it; nothing ran.</summary>
    public sealed record GiveBack(long Epoch, string Reason) : FlowRunCommand;

    /// <summary>The run ended: its journal is complete, its exit status known, everything shipped.</summary>
    public sealed record Finish(long Epoch, RunOutcome Outcome, string? Name = null, string? Message = null) : FlowRunCommand;

    /// <summary>Nobody renewed the lease.</summary>
    public sealed record ExpireLease(long Epoch) : FlowRunCommand;

    public sealed record Cancel(string? Reason) : FlowRunCommand;

    public sealed record Pause(string? Reason) : FlowRunCommand;

    public sealed record Resume : FlowRunCommand;

    /// <summary>A person asks for an ended run to continue where it stopped.</summary>
    public sealed record Rerun(string? Reason) : FlowRunCommand;

    /// <summary>The run is due since longer than <paramref name="Grace"/> and did not start.</summary>
    public sealed record MarkLate(TimeSpan Grace) : FlowRunCommand;

    /// <summary>The run did not start before it expired.</summary>
    public sealed record ExpireLate : FlowRunCommand;
}

/// <summary>How a subprocess ended.</summary>
public enum RunOutcome
{
    Completed,
    Failed,
    Crashed,
    Cancelled,
}

/// <summary>What must follow a decision; carried out by others, in the same transaction or by message.</summary>
public abstract record FlowRunEffect
{
    public sealed record TellAgentToCancel(string AgentId, long Epoch) : FlowRunEffect;

    public sealed record TellAgentToPause(string AgentId, long Epoch) : FlowRunEffect;

    public sealed record TellAgentToResume(string AgentId, long Epoch) : FlowRunEffect;

    /// <summary>Task runs and nested runs that are still open end as this one did: their process is gone.</summary>
    public sealed record EndOpenChildren(RunStateType As, string Reason) : FlowRunEffect;

    /// <summary>The work-queue and concurrency slots of the run are free.</summary>
    public sealed record ReleaseSlots : FlowRunEffect;
}

/// <summary>The answer of the machine.</summary>
public abstract record Decision
{
    /// <summary>The run as it now is, and what must follow.</summary>
    public sealed record Accept(FlowRun Next, IReadOnlyList<FlowRunEffect> Effects) : Decision;

    /// <summary>It may not be; the reason is for the one who asked.</summary>
    public sealed record Refuse(string Reason) : Decision;

    /// <summary>It is so already, or no longer matters.</summary>
    public sealed record Ignore(string Reason) : Decision;
}
