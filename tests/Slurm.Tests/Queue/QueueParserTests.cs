using FsCheck.Fluent;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Queue;

public sealed class QueueParserTests(SharedCluster shared)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Strange_lines_are_kept_and_strange_states_are_unknown_with_their_text()
    {
        var good = Record("12", "12", "FROZEN", "WhoKnows", "1", "768", "1795346342", "NONE", "work", "n1", "name", "comment");
        var answer = QueueText.Parse($"{good}{Record("13", "13")}squeue: warning: something\n\u001e\n{Record("14", "9_[1-3%2]", "PENDING", "Priority", "x", "", "N/A", "N/A", "", "", "a\nb", "c", "a new column")}");
        Assert.Equal([12L, 14L], answer.Entries.Select(e => e.JobId));
        Assert.Equal(2, answer.NotUnderstood.Count);
        var frozen = answer.Entries[0];
        Assert.Equal((new JobState(JobStateKind.Unknown, "FROZEN"), 1, new JobExit(3, 0)), (frozen.State, frozen.Restarts, frozen.Exit));
        Assert.Equal((9L, "a\nb"), (answer.Entries[1].ArrayJobId, answer.Entries[1].Name));
        Assert.Equal(JobStateKind.Pending, answer.Find(9, 2)!.State.Kind);
        Assert.Null(answer.Find(9, 4));
    }

    [Fact]
    public void A_list_of_waiting_tasks_that_is_cut_short_stands_for_all_without_a_line_of_their_own()
    {
        var answer = QueueText.Parse(Record("14", "9_[1,3,5,7,", "PENDING", "Priority", "0", "0", "N/A", "N/A", "", "", "", ""));
        Assert.NotNull(answer.Find(9, 99));
    }

    [Fact]
    public void No_output_makes_the_parsers_fail() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, 20).Select(_ => Hostile.Text(random, withLineBreaks: true) + (random.Next(2) == 0 ? "\u001f" : "12")));
            _ = QueueText.Parse(text);
            _ = ArrayTasks.Parse(text);
            _ = Accounting.AccountingText.Parse(text);
            _ = SiteText.Nodes(text);
        }));

    [Fact]
    public void Indices_are_written_in_the_form_that_is_read() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 60).NonEmptyListOf().ToArbitrary(), indices =>
            Assert.Equal(indices.Order().Distinct(), ArrayTasks.Parse(ArrayTasks.Format(indices)).Indices)));

    [Fact]
    public async Task Text_and_JSON_of_a_real_Slurm_say_the_same()
    {
        var bench = new Bench(shared.Cluster);
        var job = await bench.Submit(bench.Request("/bin/true") with { Hold = true, Array = [1, 2, 5], Throttle = 2 });
        var text = (await bench.Queue()).Find(job)!;
        var json = QueueJson.Parse(await shared.Cluster.Ask("squeue", "--json")).Find(job)!;
        Assert.Equal((text.JobId, text.ArrayJobId, text.State.Kind, text.Reason, text.Restarts, text.Key, text.Partition), (json.JobId, json.ArrayJobId, json.State.Kind, json.Reason, json.Restarts, json.Key, json.Partition));
        Assert.Equal([1, 2, 5], text.Tasks!.Indices);
        Assert.Equal(text.Tasks.Indices, json.Tasks!.Indices);
        Assert.Null(await bench.Site.Cancel([(job, null)], Cancellation));
        Assert.Equal(new SlurmVersion(22, 5).Year, (await bench.Site.Version(Cancellation))!.Value.Year);
        Assert.Equal("1001", (await bench.Site.Configuration(Cancellation)).Value!["MaxArraySize"]);
        Assert.Contains((await bench.Site.Nodes(Cancellation)).Value!, n => n is { Name: "n1", Partition: "work", Cores: 4, MemoryMiB: 4000 });
    }

    [Fact]
    public void JSON_of_newer_versions_is_read()
    {
        const string Text = """
            {"jobs": [{"job_id": 14, "array_job_id": {"set": true, "infinite": false, "number": 9}, "array_task_id": {"set": true, "infinite": false, "number": 3}, "array_task_string": "",
              "job_state": ["COMPLETED", "COMPLETING"], "state_reason": "None", "restart_cnt": 2, "exit_code": {"status": ["SIGNALED"], "return_code": {"set": true, "number": 0}, "signal": {"id": {"set": true, "number": 9}, "name": "KILL"}},
              "start_time": {"set": true, "infinite": false, "number": 1795346342}, "end_time": {"set": false, "infinite": false, "number": 0}, "partition": "work", "nodes": "n1", "name": "x", "comment": "y", "new": {}}, {"job_id": "?"}, 7]}
            """;
        var answer = QueueJson.Parse(Text);
        var entry = Assert.Single(answer.Entries);
        Assert.Equal(2, answer.NotUnderstood.Count);
        Assert.Equal((9L, JobStateKind.Completing, 2, new JobExit(0, 9), (DateTimeOffset?)null), (entry.ArrayJobId, entry.State.Kind, entry.Restarts, entry.Exit, entry.End));
        Assert.True(entry.IsOf(9, 3));
    }

    static string Record(params string[] fields) => string.Join('\u001f', fields) + "\u001e\n";
}
