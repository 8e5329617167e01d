using Holoflow.Slurm.Profiles;

namespace Holoflow.Sdk.Slurm.Planning;

/// <summary>What one allocation has, and how many tasks it executes at a time.</summary>
/// <param name="Cores">CPUs.</param>
/// <param name="MemoryMiB">Memory; null: what the site gives.</param>
/// <param name="Walltime">The time limit; null: the site's.</param>
/// <param name="Gpus">GPUs.</param>
/// <param name="Slots">Worker processes.</param>
readonly record struct AllocationShape(int Cores, long? MemoryMiB, TimeSpan? Walltime, int Gpus, int Slots)
{
    const double Mebi = 1024 * 1024;

    // A worker starts and ends within the walltime, too.
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The allocation of a pool that a task shares: the profile's, where a slot of it is enough, else one of the task's own size.</summary>
    public static AllocationShape InPool(ClusterProfile profile, TaskResources task)
    {
        var (cores, memory) = Slot(profile);
        var wanted = MemoryOf(task);
        var fits = task.Cores <= cores && task.Gpus == 0 && (wanted is null || memory is null || wanted <= memory) && (task.Walltime is null || profile.Walltime is null || task.Walltime <= profile.Walltime);
        return fits ? new(profile.Cores, profile.MemoryMiB, profile.Walltime, 0, profile.Processes) : Own(profile, task, task.Walltime);
    }

    /// <summary>One job of an array whose jobs execute so many tasks each, one after another.</summary>
    public static AllocationShape InArray(ClusterProfile profile, TaskResources task, int pack) => Own(profile, task, task.Walltime * pack);

    static AllocationShape Own(ClusterProfile profile, TaskResources task, TimeSpan? walltime)
    {
        var (cores, memory) = Slot(profile);
        return new(Math.Max(task.Cores, cores), MemoryOf(task) ?? memory, walltime is { } own ? own + Margin : profile.Walltime, task.Gpus, 1);
    }

    static (int Cores, long? Memory) Slot(ClusterProfile profile) => (Math.Max(1, profile.Cores / profile.Processes), profile.MemoryMiB / profile.Processes);

    static long? MemoryOf(TaskResources task) => task.MemoryBytes is { } bytes ? (long)Math.Ceiling(bytes / Mebi) : null;
}
