using System.Text.Json;
using Holoflow.Agent.Follow;
using Holoflow.Agent.Processes;
using Holoflow.Contracts;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Agent.Runs;

/// <summary>All that is known of an attempt when its processes are gone.</summary>
/// <param name="Flow">The last entry of its journal, where there is one.</param>
/// <param name="JournalStarted">The flow process said that it started.</param>
/// <param name="ExitStatus">128 + n where signal n ended it; null: nobody knows, the supervisor is gone too.</param>
/// <param name="CancelRequested">It was asked to cancel.</param>
/// <param name="TimedOutAfter">The time it was given and did not keep to.</param>
/// <param name="Job">What became of the Slurm job that it was.</param>
readonly record struct RunEnding(FlowEnding? Flow, bool JournalStarted, int? ExitStatus, bool CancelRequested = false, TimeSpan? TimedOutAfter = null, JobVerdict? Job = null)
{
    /// <summary>The signal that ended the process, as the shell tells it.</summary>
    public int? Signal => ExitStatus is > 128 and < 193 ? ExitStatus - 128 : null;
}

/// <summary>What became of a run, in the words of its report.</summary>
sealed record RunVerdict(RunReport Report, string? Name, string? Message, JsonElement? Result = null)
{
    public const string TimedOut = "TimedOut";

    /// <summary>Work that was finished counts as finished, whatever came after; then what was asked for; then how the process ended.</summary>
    public static RunVerdict Decide(RunEnding ending) => ending switch
    {
        { Flow: { Type: "Completed" } flow } => new(RunReport.Completed, flow.Name, flow.Message ?? Afterwards(ending), flow.Result),
        { TimedOutAfter: { } limit } => new(RunReport.Failed, TimedOut, $"timed out after {limit.TotalSeconds:0.###} s"),
        { CancelRequested: true } => new(RunReport.Cancelled, null, ending.Flow?.Message ?? Exit(ending)),
        { Job: { } job } when ByJob(job, ending) is { } verdict => verdict,
        { Flow: { Type: "Cancelled" } flow } => new(RunReport.Cancelled, flow.Name, flow.Message),
        { Flow: { Type: "Failed" } flow } => new(RunReport.Failed, flow.Name, flow.Message),
        { Flow: { } flow } => new(RunReport.Crashed, null, $"its journal ended with the unknown state '{flow.Type}'"),
        { ExitStatus: null } => new(RunReport.Crashed, null, Exit(ending)),
        { Signal: not null } => new(RunReport.Crashed, null, Exit(ending)),
        { JournalStarted: true } => new(RunReport.Crashed, null, $"{Exit(ending)} without ending its journal"),
        { ExitStatus: 0 } => new(RunReport.Completed, null, null),
        { ExitStatus: 126 or 127 } => new(RunReport.Failed, null, $"{Exit(ending)}: the program could not be executed"),
        _ => new(RunReport.Failed, null, Exit(ending)),
    };

    /// <summary>
    /// What Slurm did to the job explains better than the flow, whose program it told to end, why that ended; where the job was lost, only for want of its own words and exit status.
    /// A run that ran out of time or memory failed; one whose job was taken from it crashed, and may be scheduled again; what a person cancelled is not.
    /// </summary>
    static RunVerdict? ByJob(JobVerdict job, RunEnding ending)
    {
        RunReport? report = job.Fate switch
        {
            JobFate.TimeLimit or JobFate.OutOfMemory => RunReport.Failed,
            JobFate.CancelledOutside => RunReport.Cancelled,
            JobFate.Preempted => RunReport.Crashed,
            JobFate.NodeFailed or JobFate.LaunchFailed or JobFate.NeverStarted or JobFate.Lost when ending is { Flow: null, ExitStatus: null } => RunReport.Crashed,
            JobFate.Failed when ending is { Flow: null, JournalStarted: false, ExitStatus: null } => RunReport.Failed,
            _ => null,
        };
        return report is { } told ? new(told, job.Fate == JobFate.Failed ? null : job.Fate.ToString(), $"its Slurm job: {job.Message}") : null;
    }

    static string Exit(RunEnding ending) => ending switch
    {
        { ExitStatus: null, Job: { } job } => $"its Slurm job: {job.Message}",
        { ExitStatus: null } => "the process is gone and left no exit status",
        { Signal: { } signal } => $"killed by signal {Signals.Describe(signal)}",
        _ => $"exited with status {ending.ExitStatus}",
    };

    static string? Afterwards(RunEnding ending) =>
        ending.ExitStatus == 0 ? null : $"completed; then {(ending.Signal is null ? "" : "it was ")}{Exit(ending)}";
}
