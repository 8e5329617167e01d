using Holoflow.Slurm.Profiles;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Cluster;

/// <summary>A profile is tried on a site.</summary>
public sealed class ProfileTrialTests(SharedCluster shared)
{
    readonly Bench _bench = new(shared.Cluster);

    [Fact]
    public async Task A_profile_that_the_site_takes_leaves_no_job()
    {
        var steps = await Try(new("good", "work", Cores: 2, MemoryMiB: 100, Walltime: TimeSpan.FromMinutes(5)));
        Assert.All(steps, step => Assert.True(step.Passed, $"{step}"));
        Assert.Equal("its cancellation", steps[^1].What);
        var queue = await _bench.Queue();
        Assert.DoesNotContain(queue.Entries, entry => !entry.State.IsEnd && entry.Name.EndsWith("-check", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public async Task What_the_site_refuses_is_told_in_its_own_words()
    {
        Assert.Contains("the site's partitions are closed, urgent, work", (await Try(new("p", "wrok")))[^1].Words, StringComparison.Ordinal);
        Assert.Equal(new TrialStep("nodes", false, "none has 999 cores: the largest have 4 and 4000 MiB"), (await Try(new("m", "work", Cores: 999)))[^1]);
        Assert.True(Directive.TryParse("--reservation=nowhere", out var directive, out _));
        var refused = (await Try(new("r", "work", Directives: [directive])))[^1];
        Assert.Equal(("a job on hold", false), (refused.What, refused.Passed));
        Assert.Contains("(Slurm: ", refused.Words, StringComparison.Ordinal);
    }

    string Folder { get; } = Directory.CreateDirectory(Path.Combine(shared.Cluster.Directory, "trials", Path.GetRandomFileName())).FullName;

    Task<IReadOnlyList<TrialStep>> Try(ClusterProfile profile) => new ProfileTrial(_bench.Calls, TimeProvider.System).Run(profile, Folder, TestContext.Current.CancellationToken);
}
