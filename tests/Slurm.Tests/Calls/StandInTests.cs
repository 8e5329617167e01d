using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Follow;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Calls;

/// <summary>What a real Slurm cannot be made to do.</summary>
public sealed class StandInTests : IDisposable
{
    const string Version = "echo slurm 22.05.8";
    const string NoAccounting = "echo 'Slurm accounting storage is disabled' >&2; exit 1";

    // A line of squeue with the columns that are asked for; %KEY% is the job's name.
    const string Line = "printf '77\\03777\\037PENDING\\037Priority\\0370\\0370\\037N/A\\037N/A\\037work\\037\\037%s\\037\\036\\n' \"$(cat $here/key)\"";

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    readonly StandInCommands _commands = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _commands.Dispose();

    [Fact]
    public async Task A_submission_that_was_accepted_but_not_answered_is_found_and_not_done_twice()
    {
        var calls = _commands.With("sinfo", Version).With("sacct", NoAccounting).With("sbatch", "exec sleep 60").With("squeue", $"[ -e $here/accepted ] && {Line}; exit 0").Calls(Limit);
        var request = Request();
        var submitter = new Submitter(calls, new(calls), TimeProvider.System);

        Assert.IsType<SubmitOutcome.Unknown>(await submitter.Submit(request, Cancellation));
        await File.WriteAllTextAsync(Path.Combine(_commands.Directory, "accepted"), "", Cancellation);
        Assert.Equal(new SubmitOutcome.Accepted(77, WasFound: true), await submitter.Submit(request, Cancellation));
        Assert.Equal(1, _commands.Count("sbatch"));
    }

    [Fact]
    public async Task Nothing_is_submitted_again_while_the_queue_does_not_answer()
    {
        var calls = _commands.With("sinfo", Version).With("sacct", NoAccounting).With("sbatch", "echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1")
            .With("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1").Calls(Limit);
        var submitter = new Submitter(calls, new(calls), TimeProvider.System);
        var request = Request();
        for (var i = 0; i < 3; i++)
            Assert.IsType<SubmitOutcome.Unknown>(await submitter.Submit(request, Cancellation));
        Assert.Equal(1, _commands.Count("sbatch"));
    }

    [Fact]
    public async Task A_job_that_was_submitted_twice_is_cancelled_once()
    {
        var calls = _commands.With("sinfo", Version).With("sacct", NoAccounting).With("scancel", "exit 0").With("sbatch", "exec sleep 60").With("squeue", $"{Line}; {Line.Replace("77", "78", StringComparison.Ordinal)}").Calls(Limit);
        Assert.Equal(new SubmitOutcome.Accepted(77, WasFound: true), await new Submitter(calls, new(calls), TimeProvider.System).Submit(Request(), Cancellation));
        Assert.Contains("scancel --quiet 78", await File.ReadAllLinesAsync(Path.Combine(_commands.Directory, "calls"), Cancellation));
    }

    [Fact]
    public async Task Invalid_job_id_is_no_fault_of_a_cancel_and_silence_is()
    {
        var gone = new SlurmSite(_commands.With("scancel", "echo 'scancel: error: Kill job error on job id 5: Invalid job id specified' >&2; exit 1").Calls(Limit));
        Assert.Null(await gone.Cancel([(5, null)], Cancellation));
        var silent = new SlurmSite(_commands.With("scancel", "echo 'scancel: error: Unable to contact slurm controller (connect failure)' >&2; exit 1").Calls(Limit));
        Assert.Contains("Unable to contact", await silent.Cancel([(5, null)], Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Late_accounting_ends_nothing_before_its_time_and_corrects_nothing_afterwards()
    {
        var request = Request();
        Directory.CreateDirectory(request.Directory);
        await File.WriteAllTextAsync(Path.Combine(request.Directory, "job.0.started"), "job=77\nnode=n1\n", Cancellation);
        var calls = _commands.With("sinfo", Version).With("squeue", "exit 0").With("sacct", "printf '77\\037%s\\0370:0\\0371\\0372\\037n1\\037%s\\n' \"$(cat $here/state)\" \"$(cat $here/key)\"").Calls(Limit);
        var follower = new JobFollower(new(calls), TimeProvider.System, new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1)));
        follower.Follow(new(request.Key, 77, null, request.Directory));

        await File.WriteAllTextAsync(Path.Combine(_commands.Directory, "state"), "RUNNING", Cancellation);
        for (var i = 0; i < 3; i++)
            Assert.DoesNotContain((await follower.RunOnce(Cancellation)).Changes, c => c.Verdict.IsOver);
        await File.WriteAllTextAsync(Path.Combine(_commands.Directory, "state"), "TIMEOUT", Cancellation);
        // An answer that takes long is taken in a later pass.
        var over = await Wait.Until(async () => (await follower.RunOnce(Cancellation)).Changes.FirstOrDefault(c => c.Verdict.IsOver), () => "nobody says how it ended");
        Assert.Equal(JobFate.TimeLimit, over.Verdict.Fate);
        Assert.Equal(0, (await follower.RunOnce(Cancellation)).Followed);
    }

    [Fact]
    public async Task Missing_commands_are_told_as_such()
    {
        var calls = new CommandCalls(TimeProvider.System, environment: new Dictionary<string, string?>(StringComparer.Ordinal));
        var answer = await calls.Run(new("holoflow-no-such-command", []), Cancellation);
        Assert.Equal(AnswerKind.Missing, answer.Kind);
        Assert.Contains("holoflow-no-such-command", answer.Words, StringComparison.Ordinal);
    }

    SubmitRequest Request()
    {
        var key = JobKey.Of(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "beams");
        File.WriteAllText(Path.Combine(_commands.Directory, "key"), key.Text);
        return new() { Key = key, Directory = Path.Combine(_commands.Directory, "job"), Command = ["/bin/true"] };
    }
}
