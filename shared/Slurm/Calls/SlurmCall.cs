namespace Holoflow.Slurm.Calls;

/// <summary>How long a call may wait for the budget: an answer about states can wait, ending a job cannot.</summary>
public enum CallUrgency
{
    Status,
    Submit,
    Cancel,
}

/// <summary>One of Slurm's commands with its arguments; no shell is ever between.</summary>
/// <param name="Program">sbatch, squeue, sacct, scancel, scontrol or sinfo.</param>
/// <param name="Arguments">One argument each.</param>
/// <param name="Urgency">Which part of the budget it may use.</param>
/// <param name="Environment">What is added to the environment, or taken from it (null).</param>
public sealed record SlurmCall(string Program, IReadOnlyList<string> Arguments, CallUrgency Urgency = CallUrgency.Status, IReadOnlyDictionary<string, string?>? Environment = null);

/// <summary>Runs Slurm's commands.</summary>
public interface ISlurmCalls
{
    /// <summary>Runs one command to its end, or until its time is over.</summary>
    Task<SlurmAnswer> Run(SlurmCall call, CancellationToken cancellation);
}
