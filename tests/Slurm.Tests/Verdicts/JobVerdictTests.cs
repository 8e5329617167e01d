using System.Runtime.CompilerServices;
using System.Text;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Slurm.Tests.Verdicts;

public sealed class JobVerdictTests
{
    static readonly (string Name, JobMark Mark)[] Marks =
    [
        ("none", JobMark.None),
        ("unreadable", JobMark.Unreadable),
        ("started", new(MarkKind.Started)),
        ("started, words: memory", new(MarkKind.Started, Words: LastWords.Memory)),
        ("started, words: cancelled", new(MarkKind.Started, Words: LastWords.Cancelled)),
        ("exit 0", new(MarkKind.Ended)),
        ("exit 3", new(MarkKind.Ended, ExitStatus: 3)),
        ("exit 137", new(MarkKind.Ended, ExitStatus: 137)),
        ("terminated", new(MarkKind.Ended, ExitStatus: 143, Terminated: true)),
        ("terminated, words: time limit", new(MarkKind.Ended, ExitStatus: 143, Terminated: true, Words: LastWords.TimeLimit)),
        ("terminated, words: requeue", new(MarkKind.Ended, ExitStatus: 143, Terminated: true, Words: LastWords.Requeued)),
    ];

    static readonly (string Name, QueueWitness Queue)[] InQueue =
    [
        Queue("PENDING", "Resources"), Queue("PENDING", "JobHeldUser"), Queue("PENDING", "InvalidAccount"), Queue("PENDING", "BeginTime", 1), Queue("RUNNING"), Queue("RUNNING", "", 1), Queue("SUSPENDED"), Queue("COMPLETING"),
        Queue("REQUEUE_HOLD"), Queue("FROZEN"), Queue("COMPLETED"), Queue("FAILED", "NonZeroExitCode", 0, new(3, 0)), Queue("FAILED", "JobLaunchFailure", 0, new(0, 9)), Queue("FAILED", "BadConstraints"), Queue("CANCELLED"), Queue("TIMEOUT"),
        Queue("OUT_OF_MEMORY"), Queue("NODE_FAIL"), Queue("NODE_FAIL", "", 1), Queue("PREEMPTED"), Queue("BOOT_FAIL"),
    ];

    static readonly (string Name, AccountingWitness Accounting)[] Accountings =
    [
        ("no answer", AccountingWitness.NoAnswer), ("absent", AccountingWitness.Absent), Accounting("PENDING"), Accounting("RUNNING"), Accounting("COMPLETED"), Accounting("FAILED"), Accounting("CANCELLED by 1000"), Accounting("TIMEOUT"),
        Accounting("OUT_OF_MEMORY"), Accounting("NODE_FAIL"), Accounting("PREEMPTED"), Accounting("FROZEN"),
    ];

    static readonly (string Name, bool CancelAsked, bool GraceOver)[] Circumstances =
    [
        ("The job has just left the queue, or is in it", false, false), ("The grace is over", false, true), ("Cancel was asked", true, false), ("Cancel was asked, the grace is over", true, true),
    ];

    /// <summary>Where the rule was changed on purpose, the file that the failing test leaves replaces the approved one.</summary>
    [Fact]
    public void The_rule_is_the_approved_table()
    {
        var approved = Path.Combine(Room(), "JobVerdict.approved.md");
        var received = Path.Combine(Room(), "JobVerdict.received.md");
        var actual = Tables();
        if (File.Exists(approved) && File.ReadAllText(approved) == actual)
            return;
        File.WriteAllText(received, actual);
        Assert.Fail($"the rule is not as approved: compare {received}");
    }

    [Fact]
    public void While_the_queue_has_the_job_the_accounting_changes_no_verdict()
    {
        foreach (var (_, mark) in Marks)
        foreach (var (_, queue) in InQueue)
        foreach (var (_, cancel, grace) in Circumstances)
            Assert.Single(Accountings.Select(a => JobVerdict.Decide(new(mark, queue, a.Accounting, cancel, grace)).Fate).Distinct());
    }

    [Fact]
    public void Only_a_mark_of_success_completes_a_job() =>
        Assert.All(All().Where(c => JobVerdict.Decide(c).Fate == JobFate.Completed), c => Assert.Equal((MarkKind.Ended, 0), (c.Mark.Kind, c.Mark.ExitStatus)));

    [Fact]
    public void A_job_that_runs_or_waits_by_the_queue_is_over_only_where_its_program_ended_by_itself() =>
        Assert.All(
            All().Where(c => c.Queue is { Sight: Sight.Present, State.IsEnd: false } && JobVerdict.Decide(c).IsOver),
            c => Assert.True(c.Mark is { Kind: MarkKind.Ended, Terminated: false } && (c.Mark.ExitStatus == 0 || c.Queue.Restarts == 0), $"{c}"));

    [Fact]
    public void A_silent_Slurm_ends_no_job_that_did_not_end_by_itself() =>
        Assert.All(
            All().Where(c => c.Queue.Sight == Sight.NoAnswer && c.Accounting is not { Sight: Sight.Present, State.IsEnd: true } && JobVerdict.Decide(c).IsOver),
            c => Assert.True(c.Mark is { Kind: MarkKind.Ended, Terminated: false }, $"{c}"));

    [Fact]
    public void Every_job_that_left_the_queue_gets_its_verdict_when_the_grace_is_over() =>
        Assert.All(
            All().Where(c => c.Queue.Sight == Sight.Absent && c.GraceOver && c.Mark.Kind != MarkKind.Unreadable),
            c => Assert.True(JobVerdict.Decide(c).IsOver, $"{c}"));

    [Theory]
    [InlineData(LastWords.Preempted, "slurmstepd-n1: error: *** JOB 25 ON n1 CANCELLED AT 2026-11-22T11:19:37 DUE TO PREEMPTION ***")]
    [InlineData(LastWords.TimeLimit, "slurmstepd: error: *** JOB 25 ON n1 CANCELLED AT 2026-11-22T11:19:37 DUE TO TIME LIMIT ***")]
    [InlineData(LastWords.Cancelled, "slurmstepd: error: *** JOB 25 ON n1 CANCELLED AT 2026-11-22T11:19:37 ***")]
    [InlineData(LastWords.Memory, "slurmstepd-n3: error: StepId=22.batch exceeded memory limit (429322240 > 104857600), being killed\nslurmstepd-n3: error: *** JOB 22 ON n3 CANCELLED AT 2026-11-22T11:19:35 ***")]
    [InlineData(LastWords.Memory, "slurmstepd: error: Detected 1 oom_kill event in StepId=22.batch. Some of the step tasks have been OOM Killed.")]
    [InlineData(LastWords.None, "the prologue says: CANCELLED AT noon DUE TO TIME LIMIT")]
    public void Slurms_last_words_are_read_since_the_attempt_began(LastWords words, string line)
    {
        Assert.Equal(words, JobMarks.WordsSince($"holoflow: attempt 1\n{line}\n", 1));
        Assert.Equal(LastWords.None, JobMarks.WordsSince($"holoflow: attempt 0\n{line}\nholoflow: attempt 1\n", 1));
    }

    static IEnumerable<JobWitnesses> All() =>
        from mark in Marks
        from queue in InQueue.Select(q => q.Queue).Append(QueueWitness.Absent).Append(QueueWitness.NoAnswer)
        from accounting in Accountings
        from circumstance in Circumstances
        select new JobWitnesses(mark.Mark, queue, accounting.Accounting, circumstance.CancelAsked, circumstance.GraceOver);

    static string Tables()
    {
        var text = new StringBuilder("# What became of a job\n\nGenerated from `JobVerdict.Decide`. *Slanted*: not over yet. Columns: what the job itself left in its directory (of attempt 0).\n\nThe rules, in order; the first that has something to say decides:\n\n");
        foreach (var rule in JobVerdict.RuleNames)
            text.Append($"- {rule}\n");
        foreach (var (name, cancel, grace) in Circumstances)
        {
            text.Append($"\n## {name}\n\n| queue | accounting | {string.Join(" | ", Marks.Select(m => m.Name))} |\n|{string.Concat(Enumerable.Repeat(" --- |", Marks.Length + 2))}\n");
            foreach (var (queueName, queue) in InQueue)
                Row(queueName, "any", queue, AccountingWitness.NoAnswer);
            foreach (var (accountingName, accounting) in Accountings)
            {
                Row("absent", accountingName, QueueWitness.Absent, accounting);
                Row("no answer", accountingName, QueueWitness.NoAnswer, accounting);
            }

            void Row(string queueName, string accountingName, QueueWitness queue, AccountingWitness accounting) =>
                text.Append($"| {queueName} | {accountingName} | {string.Join(" | ", Marks.Select(m => Cell(JobVerdict.Decide(new(m.Mark, queue, accounting, cancel, grace)))))} |\n");
        }

        text.Append("\n## The words\n\n| state | message |\n| --- | --- |\n");
        foreach (var verdict in All().Select(JobVerdict.Decide).Select(v => $"| {v.Fate} | {v.Message} |").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            text.Append($"{verdict}\n");
        text.Append("\n## Why a job waits\n\n| Slurm's reason | starts by itself | in plain words |\n| --- | --- | --- |\n");
        foreach (var (reason, (plain, waiting)) in PendingReason.Known.OrderBy(r => r.Key, StringComparer.Ordinal))
            text.Append($"| {reason} | {(waiting == Waiting.Queued ? "yes" : "no")} | {plain} |\n");
        return text.ToString();
    }

    static string Cell(JobVerdict verdict) => verdict.IsOver ? $"{verdict.Fate}" : $"*{verdict.Fate}*";

    static (string, QueueWitness) Queue(string state, string reason = "", int restarts = 0, JobExit? exit = null) =>
        ($"{state}{(reason.Length > 0 ? $" {reason}" : "")}{(restarts > 0 ? $", restarts {restarts}" : "")}", new(Sight.Present, JobState.Parse(state), reason, restarts, exit));

    static (string, AccountingWitness) Accounting(string state) => (state, new(Sight.Present, JobState.Parse(state)));

    static string Room([CallerFilePath] string caller = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "..", "shared", "Slurm", "Verdicts"));
}
