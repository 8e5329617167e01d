using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;

namespace Holoflow.Slurm.Verdicts;

/// <summary>What became of a job, and why we think so.</summary>
/// <param name="Fate">What became of it; its name is the state's name that people read.</param>
/// <param name="Message">In plain words.</param>
/// <param name="Attempt">The attempt that the verdict is about; what an earlier one still writes is refused.</param>
public sealed record JobVerdict(JobFate Fate, string Message, int Attempt)
{
    const int Killed = 128 + 9;

    public bool IsOver => Fate >= JobFate.Completed;

    /// <summary>The rules in order; the first that has something to say decides. Reading them is reading who is believed when the witnesses disagree.</summary>
    static readonly (string Name, Func<Case, JobVerdict?> Rule)[] Rules =
    [
        ("a mark of success is proof, whatever Slurm says", MarkOfSuccess),
        ("a program that ended by itself has failed; only a memory kill explains it better", MarkOfFailure),
        ("the queue knows how it ended", c => c.Queue is { Sight: Sight.Present, State.IsEnd: true } q ? Ended(c, q.State, q.Reason, q.Exit) : null),
        ("the queue knows that it waits or runs", InQueue),
        ("the accounting knows how it ended", InAccounting),
        ("out of the queue, with the last words that Slurm wrote to it", c => c.Queue.Sight == Sight.Absent ? ByLastWords(c) : null),
        ("out of the queue, and nobody says how it ended", OutOfQueue),
        ("Slurm does not answer", NoAnswer),
    ];

    /// <summary>The rules' names, in order.</summary>
    public static IReadOnlyList<string> RuleNames { get; } = [.. Rules.Select(rule => rule.Name)];

    public static JobVerdict Decide(JobWitnesses witnesses)
    {
        var theCase = new Case(witnesses);
        return Rules.Select(rule => rule.Rule(theCase)).OfType<JobVerdict>().First();
    }

    static JobVerdict? MarkOfSuccess(Case c) =>
        // Where its node was only thought dead, and the new attempt has not started: it will find the mark and leave.
        c.Given.Mark is { Kind: MarkKind.Ended, ExitStatus: 0 } mark ? new(JobFate.Completed, "its program ended with 0", mark.Attempt) : null;

    static JobVerdict? MarkOfFailure(Case c)
    {
        if (c.Mark is not { Kind: MarkKind.Ended, Terminated: false } mark)
            return null;
        // The same words whether the kill came to the program first, which the batch script then noted, or to the script.
        if (mark.Words == LastWords.Memory || c.AnyState(JobStateKind.OutOfMemory))
            return c.Says(JobFate.OutOfMemory, "it used more memory than it had asked for");
        if (mark.PrologueFailed)
            return c.Says(JobFate.Failed, $"the prologue of the cluster profile failed with {mark.ExitStatus}: the program was not started");
        if (mark.ExitStatus != Killed)
            return c.Says(JobFate.Failed, mark.ExitStatus > 128 ? $"its program was ended by signal {mark.ExitStatus - 128}" : $"its program ended with {mark.ExitStatus}");
        // Slurm may still be about to say that it was the memory, or who else it was.
        return c.GraceOver ? c.Says(JobFate.Failed, "its program was killed (signal 9), and Slurm does not say by whom: most often that is the node's memory") : null;
    }

    static JobVerdict? InQueue(Case c)
    {
        if (c.Queue is not { Sight: Sight.Present } queue)
            return null;
        var reason = PendingReason.Parse(queue.Reason);
        // The controller may still show what it knew a moment ago.
        if (c.Mark.Kind == MarkKind.Started && queue.State.Kind is JobStateKind.Pending or JobStateKind.Configuring)
            return c.Says(JobFate.Running, Runs(c));
        return queue.State.Kind switch
        {
            JobStateKind.Pending when reason.Waiting == Waiting.InvalidAccount => c.Says(JobFate.InvalidAccount, reason.Plain),
            JobStateKind.Pending when reason.Waiting == Waiting.Held => c.Says(JobFate.HeldForever, reason.Plain),
            JobStateKind.Pending when queue.Restarts > 0 => c.Says(JobFate.Requeued, $"it was taken from its node and waits for attempt {queue.Restarts}: {reason.Plain}"),
            JobStateKind.Pending => c.Says(JobFate.Pending, reason.Plain),
            JobStateKind.RequeueHold or JobStateKind.SpecialExit => c.Says(JobFate.HeldForever, $"Slurm took it from its node and put it on hold ({queue.State.Text}): somebody has to release it"),
            JobStateKind.Requeued => c.Says(JobFate.Requeued, "it was taken from its node and waits for a new attempt"),
            JobStateKind.Configuring => c.Says(JobFate.Pending, "its node is being prepared"),
            JobStateKind.Running when c.Mark.Kind == MarkKind.Ended => c.Says(JobFate.Ending, "its program has ended; Slurm has not noticed yet"),
            JobStateKind.Running => c.Says(JobFate.Running, Runs(c)),
            JobStateKind.Suspended => c.Says(JobFate.Suspended, "Slurm has suspended it"),
            JobStateKind.Completing => c.Says(JobFate.Ending, "it is ending"),
            _ when c.Mark.Kind == MarkKind.Started => c.Says(JobFate.Running, $"{Runs(c)}; Slurm's state '{queue.State.Text}' is not known here"),
            _ => c.Says(JobFate.Unknown, $"Slurm's state '{queue.State.Text}' is not known here: it is followed on"),
        };
    }

    static JobVerdict? InAccounting(Case c) =>
        c.Accounting is not { Sight: Sight.Present, State.IsEnd: true } accounting ? null
        // The queue alone knows whether Slurm starts it again.
        : c.Queue.Sight == Sight.NoAnswer && accounting.State.Kind is JobStateKind.NodeFail or JobStateKind.Preempted or JobStateKind.BootFail
            ? c.Says(JobFate.Ending, "it was taken from its node; whether it starts again is known to the queue, which does not answer")
        : Ended(c, accounting.State, "", accounting.Exit);

    static JobVerdict Ended(Case c, JobState state, string reason, JobExit? exit) => state.Kind switch
    {
        JobStateKind.Completed when !c.GraceOver || c.Mark.Kind == MarkKind.Unreadable => c.Says(JobFate.Ending, "Slurm says that it completed; the mark of its end is awaited"),
        JobStateKind.Completed => c.Says(JobFate.Lost, "Slurm says that it completed, but it left no mark of its end: its work is not proven"),
        JobStateKind.TimeLimit or JobStateKind.Deadline => c.Says(JobFate.TimeLimit, "its walltime was over"),
        JobStateKind.OutOfMemory => c.Says(JobFate.OutOfMemory, "it used more memory than it had asked for"),
        JobStateKind.NodeFail => c.Says(JobFate.NodeFailed, "its node failed"),
        JobStateKind.BootFail => c.Says(JobFate.NodeFailed, "its node did not boot"),
        JobStateKind.Preempted => c.Says(JobFate.Preempted, "a more important job took its place"),
        JobStateKind.Cancelled when c.Mark.Words is LastWords.TimeLimit or LastWords.Memory or LastWords.Preempted => ByLastWords(c)!,
        JobStateKind.Cancelled or JobStateKind.Revoked => Cancelled(c, state.Text),
        // Slurm without control groups calls a memory kill a launch failure, though the job had started.
        JobStateKind.Failed when c.Mark.Words is not (LastWords.None or LastWords.Cancelled) => ByLastWords(c)!,
        JobStateKind.Failed when c.Mark.Kind == MarkKind.None && IsLaunchFailure(reason, exit) => c.Says(JobFate.LaunchFailed, $"Slurm could not start it on its node{In(reason)}"),
        JobStateKind.Failed when c.Mark.Kind == MarkKind.None && PendingReason.Parse(reason) is { Waiting: Waiting.Held } never => c.Says(JobFate.LaunchFailed, never.Plain),
        _ => c.Says(JobFate.Failed, exit is { Signal: > 0 } killed ? $"it was ended by signal {killed.Signal}{In(reason)}" : exit is { Status: > 0 } left ? $"it ended with {left.Status}{(c.Mark.Kind == MarkKind.None ? ", before its start was marked" : "")}{In(reason)}" : $"Slurm says that it failed{In(reason)}"),
    };

    static JobVerdict? ByLastWords(Case c) => c.Mark.Words switch
    {
        LastWords.TimeLimit => c.Says(JobFate.TimeLimit, "its walltime was over"),
        LastWords.Memory => c.Says(JobFate.OutOfMemory, "it used more memory than it had asked for"),
        LastWords.Preempted => c.Says(JobFate.Preempted, "a more important job took its place"),
        LastWords.NodeFailure => c.Says(JobFate.NodeFailed, "its node failed"),
        LastWords.Cancelled => Cancelled(c, ""),
        LastWords.Requeued => c.GraceOver ? c.Says(JobFate.Lost, "it was requeued, and is gone from the queue") : c.Says(JobFate.Ending, "it was requeued; its place in the queue is awaited"),
        _ => null,
    };

    static JobVerdict? OutOfQueue(Case c)
    {
        if (c.Queue.Sight != Sight.Absent)
            return null;
        if (c.CancelAsked)
            return c.Says(JobFate.Cancelled, "cancelled as asked");
        if (!c.GraceOver)
            return c.Says(JobFate.Ending, "it is out of the queue; how it ended is awaited");
        return c.Mark.Kind switch
        {
            MarkKind.None => c.Says(JobFate.NeverStarted, "it left the queue without having started, and nobody says why: it may have been cancelled while it waited"),
            MarkKind.Ended when c.Mark.Terminated => c.Says(JobFate.Lost, "it was told to end, and nobody says by whom: its walltime, a cancel or a more important job"),
            MarkKind.Unreadable => c.Says(JobFate.Unknown, "it is out of the queue, and its directory cannot be read"),
            _ => c.Says(JobFate.Lost, "it started and is gone, and nobody says how it ended: most often its node failed or its memory ran out"),
        };
    }

    static JobVerdict NoAnswer(Case c) => c.Mark.Kind switch
    {
        MarkKind.Started => c.Says(JobFate.Running, $"{Runs(c)}, by its own mark; Slurm does not answer"),
        MarkKind.Ended => c.Says(JobFate.Ending, "it was told to end, or killed; Slurm, who knows why, does not answer"),
        _ when c.Accounting is { Sight: Sight.Present, State.Kind: JobStateKind.Running } => c.Says(JobFate.Running, $"{Runs(c)}, by the accounting; the queue does not answer"),
        _ => c.Says(JobFate.Unknown, "Slurm does not answer"),
    };

    static JobVerdict Cancelled(Case c, string text) =>
        c.CancelAsked ? c.Says(JobFate.Cancelled, "cancelled as asked")
        : c.Says(JobFate.CancelledOutside, text.IndexOf("by ", StringComparison.Ordinal) is var at and >= 0 ? $"somebody else cancelled it (user id {text[(at + 3)..]})" : "somebody else cancelled it");

    static bool IsLaunchFailure(string reason, JobExit? exit) =>
        reason.Contains("Launch", StringComparison.OrdinalIgnoreCase)
        // Signal 53 is Slurm's own: the directory or the output file could not be opened on the node.
        || exit is { Signal: 53 };

    static string Runs(Case c) => c.Attempt > 0 ? $"it runs (attempt {c.Attempt})" : "it runs";

    static string In(string reason) => reason is "" or "None" or "NonZeroExitCode" ? "" : $" ({reason})";

    /// <summary>The witnesses, with the mark of an attempt that has been overtaken left out.</summary>
    sealed record Case(JobWitnesses Given)
    {
        public int Attempt { get; } = Math.Max(Given.Mark.Attempt, Math.Max(Given.Queue.Restarts, Given.Accounting.Restarts));

        public JobMark Mark => Given.Mark.Attempt < Attempt && Given.Mark.Kind is MarkKind.Started or MarkKind.Ended ? JobMark.None : Given.Mark;

        public QueueWitness Queue => Given.Queue;

        public AccountingWitness Accounting => Given.Accounting;

        public bool CancelAsked => Given.CancelAsked;

        public bool GraceOver => Given.GraceOver;

        public bool AnyState(JobStateKind kind) => Queue.State.Kind == kind || Queue.Sight != Sight.Present && Accounting.State.Kind == kind;

        public JobVerdict Says(JobFate fate, string message) => new(fate, message, Attempt);
    }
}
