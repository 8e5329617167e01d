using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Follow;

/// <summary>A job, or one task of an array, whose fate is followed.</summary>
/// <param name="Key">Its key: a controller that lost its state gives an id a second time, to another job.</param>
/// <param name="JobId">The id that sbatch gave.</param>
/// <param name="Task">The array task; null where it is no array.</param>
/// <param name="Directory">The job's directory.</param>
public sealed record FollowedJob(JobKey Key, long JobId, int? Task, string Directory);

/// <summary>A verdict that is new.</summary>
/// <param name="Job">The job.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Estimate">When Slurm expects it to start, where it waits and Slurm says so.</param>
/// <param name="Node">Where it ran or runs, where that is known.</param>
/// <param name="Partition">Its partition, where the queue has said it.</param>
public sealed record FollowedChange(FollowedJob Job, JobVerdict Verdict, DateTimeOffset? Estimate, string Node, string Partition);

/// <summary>What one pass did.</summary>
/// <param name="Changes">The verdicts that are new.</param>
/// <param name="Asked">Calls of Slurm's commands.</param>
/// <param name="Followed">Jobs that are not over.</param>
public sealed record FollowPass(IReadOnlyList<FollowedChange> Changes, int Asked, int Followed);
