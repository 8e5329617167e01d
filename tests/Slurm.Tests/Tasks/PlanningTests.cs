using FsCheck;
using FsCheck.Fluent;
using Holoflow.Sdk;
using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Sdk.Slurm.Planning;
using Holoflow.Slurm.Profiles;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Tasks;

/// <summary>The decisions about allocations and tasks, for any situation.</summary>
public sealed class PlanningTests
{
    static readonly Gen<PoolMember> Member =
        from id in Gen.Choose(0, 0)
        from runs in Gen.Elements(true, false)
        from busy in Gen.Choose(0, 3)
        from remaining in Gen.Choose(-1, 3600)
        from idle in Gen.Choose(0, 600)
        select new PoolMember(id, runs, runs ? busy : 0, runs && remaining >= 0 ? TimeSpan.FromSeconds(remaining) : null, busy > 0 && runs ? TimeSpan.Zero : TimeSpan.FromSeconds(idle));

    static readonly Gen<PoolPicture> Pool =
        from minimum in Gen.Choose(0, 3)
        from more in Gen.Choose(0, 5)
        from slots in Gen.Choose(1, 4)
        from members in Gen.Choose(0, minimum + more).SelectMany(count => Gen.ListOf(Member, count))
        from backlog in Gen.Choose(0, 200)
        from need in Gen.Choose(0, 3000)
        from seconds in Gen.Choose(-1, 5000)
        select new PoolPicture(
            minimum, Math.Max(1, minimum + more), slots, TimeSpan.FromSeconds(120), [.. members.Select((m, i) => m with { Id = i })], backlog, TimeSpan.FromSeconds(need), seconds < 0 ? null : seconds);

    static readonly Gen<(List<WaitingTask> Tasks, List<OpenSlot> Slots)> Work =
        from tasks in Gen.Choose(0, 30).SelectMany(count => Gen.ListOf(Gen.Choose(0, 4000).Zip(Gen.Choose(1, 8)), count))
        from slots in Gen.Choose(0, 8).SelectMany(count => Gen.ListOf(Gen.Choose(-1, 3600).Zip(Gen.Choose(0, 9)), count))
        select (
            tasks.Select((t, i) => new WaitingTask(i, TimeSpan.FromSeconds(t.Item1), t.Item2)).ToList(),
            slots.Select((s, i) => new OpenSlot(i, s.Item1 < 0 ? null : TimeSpan.FromSeconds(s.Item1), s.Item1 % 7 == 0, s.Item2)).ToList());

    [Fact]
    public void A_pool_never_holds_more_than_its_maximum_and_gives_back_only_what_is_idle() => Check.QuickThrowOnFailure(Prop.ForAll(Pool.ToArbitrary(), pool =>
    {
        var decision = PoolSizing.Decide(pool);
        // What replaces an allocation whose walltime is nearly over may run beside it.
        var ending = pool.Members.Count(m => m.Runs && m.Busy > 0 && m.Remaining is { } left && left < pool.LongestNeed);
        Assert.True(decision.Request >= 0 && pool.Members.Count + decision.Request <= Math.Max(pool.Members.Count, pool.Maximum + ending));
        Assert.Equal(decision.Release.Count, decision.Release.Distinct().Count());
        Assert.All(decision.Release, id => Assert.Equal(0, pool.Members[id].Busy));
        var useful = pool.Members.Where(m => !(m.Runs && m.Remaining is { } left && left < pool.LongestNeed)).ToList();
        Assert.True(useful.Count(m => decision.Release.Contains(m.Id)) == 0 || useful.Count - useful.Count(m => decision.Release.Contains(m.Id)) >= pool.Minimum);
    }));

    [Fact]
    public void A_pool_with_work_and_room_has_or_gets_an_allocation() => Check.QuickThrowOnFailure(Prop.ForAll(Pool.ToArbitrary(), pool =>
    {
        var room = pool.Members.Count < pool.Maximum;
        var useful = pool.Members.Any(m => !m.Runs || m.Remaining is not { } left || left >= pool.LongestNeed);
        if (pool.Backlog > 0 && room && !useful)
            Assert.True(PoolSizing.Decide(pool).Request > 0);
        if (pool.Backlog == 0)
            Assert.True(PoolSizing.Decide(pool).Request <= pool.Minimum);
    }));

    [Fact]
    public void Short_work_does_not_ask_for_more_than_it_is_worth()
    {
        var pool = new PoolPicture(0, 10, 2, TimeSpan.FromMinutes(2), [new(0, true, 2, null, TimeSpan.Zero)], Backlog: 1000, TimeSpan.Zero, BacklogSeconds: 2);
        Assert.True(PoolSizing.Decide(pool).Request <= 1);
        Assert.Equal(9, PoolSizing.Decide(pool with { BacklogSeconds = null }).Request);
        Assert.Equal(9, PoolSizing.Decide(pool with { BacklogSeconds = 100_000 }).Request);
    }

    [Fact]
    public void A_task_goes_to_one_slot_that_has_the_walltime_and_not_too_much_to_do() => Check.QuickThrowOnFailure(Prop.ForAll(Work.ToArbitrary(), work =>
    {
        var chosen = Dispatch.Choose(work.Tasks, work.Slots);
        Assert.Equal(chosen.Count, chosen.Select(c => c.Task).Distinct().Count());
        var assigned = work.Slots.ToDictionary(slot => slot.Id, slot => slot.Assigned);
        foreach (var (task, slot) in chosen)
        {
            Assert.True(Dispatch.Fits(work.Tasks[task], work.Slots[slot]));
            Assert.True(assigned[slot]++ < work.Tasks[task].Depth);
        }

        // No task waits while a slot that it fits has nothing to do.
        Assert.DoesNotContain(work.Tasks.Where(t => chosen.All(c => c.Task != t.Id)), t => work.Slots.Any(s => assigned[s.Id] == 0 && Dispatch.Fits(t, s)));
    }));

    [Fact]
    public void An_array_has_every_task_once_and_needs_few_submissions() => Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(1, 30_000).Zip(Gen.Choose(1, 50)).ToArbitrary(), given =>
    {
        var arrays = ArrayBatching.Divide(given.Item1, given.Item2);
        Assert.Equal(Enumerable.Range(0, given.Item1), arrays.SelectMany(array => array).SelectMany(job => job));
        Assert.True(arrays.Count <= 4);
        Assert.All(arrays, array => Assert.InRange(array.Count, 1, ArrayBatching.LargestArray));
    }));

    [Theory]
    [InlineData(JobFate.OutOfMemory, false, 0, false, true)]
    [InlineData(JobFate.TimeLimit, true, 0, false, true)]
    [InlineData(JobFate.TimeLimit, false, 0, true, false)]
    [InlineData(JobFate.NodeFailed, false, 0, true, false)]
    [InlineData(JobFate.NodeFailed, false, 3, false, false)]
    [InlineData(JobFate.Preempted, true, 2, true, false)]
    [InlineData(JobFate.CancelledOutside, false, 0, false, false)]
    public void A_task_that_lost_its_allocation_is_executed_again_where_it_is_not_to_blame(JobFate fate, bool hadAll, int losses, bool again, bool own) =>
        Assert.Equal(new LostTask(again, own), LostTask.Decide(fate, hadAll, losses));

    [Fact]
    public void A_task_gets_what_it_asks_for_and_shares_where_that_is_enough()
    {
        var profile = new ClusterProfile("p", Cores: 8, Processes: 4, MemoryMiB: 4000, Walltime: TimeSpan.FromHours(1));
        Assert.Equal(new AllocationShape(8, 4000, TimeSpan.FromHours(1), 0, 4), AllocationShape.InPool(profile, new TaskResources { Cores = 2, MemoryBytes = 1000L * 1024 * 1024, Walltime = TimeSpan.FromHours(1) }));
        Assert.Equal(new AllocationShape(2, 1001, TimeSpan.FromHours(1), 0, 1), AllocationShape.InPool(profile, new TaskResources { MemoryBytes = 1000L * 1024 * 1024 + 1 }));
        Assert.Equal(new AllocationShape(3, 1000, TimeSpan.FromHours(1), 1, 1), AllocationShape.InPool(profile, new TaskResources { Cores = 3, Gpus = 1 }));
        Assert.Equal(TimeSpan.FromMinutes(121), AllocationShape.InPool(profile, new TaskResources { Walltime = TimeSpan.FromHours(2) }).Walltime);
        Assert.Equal(TimeSpan.FromMinutes(31), AllocationShape.InArray(profile, new TaskResources { Walltime = TimeSpan.FromMinutes(10) }, pack: 3).Walltime);
    }

    [Fact]
    public void A_retry_asks_for_more_of_what_was_short()
    {
        var asked = new TaskResources { MemoryBytes = 100, MemoryGrowth = 2, Walltime = TimeSpan.FromHours(1), WalltimeGrowth = 1.5, LargestMemoryBytes = 300 };
        var (memory, time) = (new AllocationFailedException("OutOfMemory", "", isOwnFault: true), new AllocationFailedException("TimeLimit", "", isOwnFault: true));
        Assert.Equal(200, asked.After(memory).MemoryBytes);
        Assert.Equal(300, asked.After(memory).After(memory).MemoryBytes);
        Assert.Equal(TimeSpan.FromHours(1.5), asked.After(time).Walltime);
        Assert.Equal(asked, asked.After(new AllocationFailedException("NodeFailed", "", isOwnFault: false)));
        Assert.Equal(asked, asked.After(new InvalidOperationException()));
    }

    [Fact]
    public void What_makes_a_process_a_run_and_what_looks_secret_is_kept_from_jobs() => Assert.Equal(
        ["AWS_SECRET", "DB_PASSWORD", "HOLOFLOW_API_KEY_FILE", "HOLOFLOW_LAUNCH", "HOLOFLOW_RUN_DIR", "github_token"],
        WorkerProgram.EnvironmentChanges(["PATH", "HOME", "HOLOFLOW_HOME", "HOLOFLOW_RUN_DIR", "HOLOFLOW_LAUNCH", "HOLOFLOW_API_KEY_FILE", "DB_PASSWORD", "github_token", "AWS_SECRET", "SLURM_CONF"]).Keys.Order(StringComparer.Ordinal));
}
