using Holoflow.Agent.Follow;
using Holoflow.Agent.State;
using Holoflow.Contracts;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Agent.Launch;

/// <summary>Where the attempts of runs are executed: processes of this machine, or Slurm jobs.</summary>
interface IInfrastructure
{
    /// <summary>Begins an attempt, after what was left of earlier ones has ended.</summary>
    /// <param name="run">What is to be executed.</param>
    /// <param name="record">The agent's record of it, on disk already.</param>
    /// <param name="wake">Pulsed when something happened to it.</param>
    /// <param name="traceParent">The trace that its spans belong to.</param>
    /// <exception cref="LaunchException">It cannot be begun.</exception>
    IAttempt Begin(GrantedRun run, HeldRunRecord record, AsyncSignal wake, string? traceParent);

    /// <summary>Finds an attempt again that this agent, or one before it, has begun.</summary>
    /// <returns>Null where it never began, and now never will.</returns>
    Task<IAttempt?> Find(HeldRunRecord record, AsyncSignal wake, CancellationToken cancellation);
}

/// <summary>One attempt of a run. Its files are those of the run directory, wherever it is executed.</summary>
interface IAttempt : IDisposable
{
    /// <summary>Ends when the flow's program may have started.</summary>
    Task Started { get; }

    /// <summary>Set when the time that the run was given is over.</summary>
    TimeSpan? TimedOutAfter { get; }

    /// <summary>Asks the program to end; what has not ended after the grace is killed.</summary>
    void Cancel();

    /// <summary>No grace.</summary>
    void Kill();

    /// <summary>Returns when nothing of the attempt is left.</summary>
    /// <exception cref="LaunchException">It could not be begun.</exception>
    Task<AttemptEnding> Run(CancellationToken cancellation);
}

/// <summary>What is known of an attempt's end.</summary>
/// <param name="ExitStatus">The program's; null where nobody knows it.</param>
/// <param name="Job">What became of its job; null where it was none, or where that says nothing more.</param>
readonly record struct AttemptEnding(int? ExitStatus, JobVerdict? Job = null);
