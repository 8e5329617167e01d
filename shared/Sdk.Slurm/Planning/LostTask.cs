using Holoflow.Slurm.Verdicts;

namespace Holoflow.Sdk.Slurm.Planning;

/// <summary>What is done with a task that was executed when its allocation ended.</summary>
/// <param name="IsExecutedAgain">True where it is executed again by itself; else it fails, and its own retry rule decides.</param>
/// <param name="IsOwnFault">True where it used more than it had asked for.</param>
readonly record struct LostTask(bool IsExecutedAgain, bool IsOwnFault)
{
    /// <summary>So often a task may lose its allocation without a word of its retry rule.</summary>
    public const int MostLosses = 3;

    /// <summary>The decision: a pure function.</summary>
    /// <param name="fate">How the allocation ended.</param>
    /// <param name="hadWholeWalltime">True where the task had all the walltime that it could have had, or had asked for.</param>
    /// <param name="lostBefore">How often it has lost an allocation.</param>
    public static LostTask Decide(JobFate fate, bool hadWholeWalltime, int lostBefore) => fate switch
    {
        JobFate.OutOfMemory => new(false, true),
        JobFate.TimeLimit when hadWholeWalltime => new(false, true),
        // Who cancels a job by hand does not want it back.
        JobFate.Cancelled or JobFate.CancelledOutside => new(false, false),
        JobFate.TimeLimit or JobFate.NodeFailed or JobFate.Preempted or JobFate.Requeued or JobFate.LaunchFailed or JobFate.NeverStarted or JobFate.Lost => new(lostBefore < MostLosses, false),
        // The batch script itself ended: a worker that died is told by its own mark.
        _ => new(lostBefore < MostLosses, false),
    };
}
