using Holoflow.Api.Tests.Fixture;
using Holoflow.Client;
using Holoflow.Contracts;

namespace Holoflow.Api.Tests;

/// <summary>The Slurm jobs of runs.</summary>
public sealed class AllocationTests
{
    [Fact]
    public async Task A_run_s_jobs_are_listed_as_they_are_now()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        Assert.Empty(await api.Client.FlowRuns.Allocations(run.Id, TestContext.Current.CancellationToken));
        var task = Guid.CreateVersion7();
        AllocationReport job = new() { Key = "beams-1", ArrayIndex = 3, Cluster = "galaxy", JobId = 17, Phase = AllocationPhase.Waiting, State = "Pending", Message = "jobs with a higher priority are before it" };
        await run.Tell(Event(job), Event(job with { Phase = AllocationPhase.Running, State = "Running", Message = "it runs", Node = "n1", Partition = "work", Tasks = [task] }), Event(job with { Key = "flow-1", ArrayIndex = null }));
        var listed = (await api.Client.FlowRuns.Allocations(run.Id, TestContext.Current.CancellationToken)).OrderBy(a => a.Key, StringComparer.Ordinal).ToList();
        Assert.Equal([("beams-1", 3, 17L, "Running", "n1", "it runs", false), ("flow-1", null, 17L, "Waiting", null, "jobs with a higher priority are before it", true)],
            listed.Select(a => (a.Key, a.ArrayIndex, a.JobId!.Value, a.Phase, a.Node, a.Reason, a.IsRun)));
        Assert.NotNull(listed[0].StartedAt);
        Assert.Equal(("work", "jobs with a higher priority are before it"), (listed[0].Partition, listed[0].WaitedFor));
        Assert.Equal([task], listed[0].TaskRunIds);
        Assert.Empty(listed[1].TaskRunIds);
        Assert.Null(listed[0].EndedAt);
        var unknown = await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.FlowRuns.Allocations(Guid.CreateVersion7(), TestContext.Current.CancellationToken));
        Assert.Equal(404, unknown.Status);
    }

    static RunEvent Event(AllocationReport job) => new() { Sequence = 0, At = default, Kind = RunEventKind.AllocationChanged, Allocation = job };
}
