using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Support;

/// <summary>Jobs that a test follows, and all verdicts so far.</summary>
sealed class Followed(SlurmSite site)
{
    readonly JobFollower _follower = new(site, TimeProvider.System, new(TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)));
    readonly List<FollowedChange> _changes = [];

    public JobFollower Follower => _follower;

    public void Add(long job, SubmitRequest request, int? task = null) => _follower.Follow(new(request.Key, job, task, request.Directory));

    /// <summary>Follows until a job, or array task, has a verdict as wished.</summary>
    public Task<FollowedChange> Until(long job, Func<JobVerdict, bool> wished, int? task = null) => Wait.Until(
        async () =>
        {
            _changes.AddRange((await _follower.RunOnce(TestContext.Current.CancellationToken)).Changes);
            return Of(job, task).FirstOrDefault(c => wished(c.Verdict));
        },
        () => $"job {job}: {string.Join("; ", Of(job, task).Select(c => $"{c.Verdict.Fate} ({c.Verdict.Message})"))}");

    public Task<FollowedChange> Until(long job, JobFate fate) => Until(job, v => v.Fate == fate);

    public async Task<JobVerdict> Over(long job, int? task = null) => (await Until(job, v => v.IsOver, task)).Verdict;

    public IEnumerable<JobFate> FatesOf(long job, int? task = null) => Of(job, task).Select(c => c.Verdict.Fate);

    IEnumerable<FollowedChange> Of(long job, int? task) => _changes.Where(c => c.Job.JobId == job && c.Job.Task == task);
}
