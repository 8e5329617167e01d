using System.Runtime.CompilerServices;
using System.Text;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Logs;
using Holoflow.ReadModel.Overview;
using Holoflow.ReadModel.TaskRuns;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Lists;

/// <summary>What lists ask, to the letter: a change of a question that a million rows stand behind is seen in a diff.</summary>
[Collection(PostgresqlTests.Name)]
public sealed class ListSqlTests(PostgresqlHost postgresql)
{
    static readonly Guid Id = new("0198c0de-0000-7000-8000-000000000000");
    static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly (string Name, FlowRunQuery Query)[] RunQueries =
    [
        ("all runs", new()),
        ("in a state", new() { States = [new("Failed")] }),
        ("by the name of a state", new() { States = [new("Failed", "TimedOut")] }),
        ("of a flow in two states", new() { Flows = ["f"], States = [new("Failed"), new("Crashed")] }),
        ("of a flow in a time, oldest first", new() { Flows = ["f"], Since = At, Until = At.AddDays(1), OldestFirst = true }),
        ("of a deployment", new() { Deployments = [Id] }),
        ("of a queue with a tag", new() { Queues = ["q"], Tags = ["t"] }),
        ("with two tags", new() { Tags = ["t", "u"] }),
        ("with a parameter", new() { Parameters = [new("sbid", "44641")] }),
        ("with two parameters in a state", new() { Parameters = [new("sbid", "44641"), new("beams", "36")], States = [new("Completed")] }),
        ("nested in a run", new() { ParentRunId = Id }),
        ("with a text", new() { Text = "vela" }),
    ];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Questions_to_sqlite_are_the_approved_ones()
    {
        await using var file = await TemporaryStore.Create();
        await Check(file.Database, "sqlite");
    }

    [Fact]
    public async Task Questions_to_postgresql_are_the_approved_ones()
    {
        var database = await postgresql.CreateDatabase();
        await database.Upgrade(Cancellation);
        await Check(database, "postgresql");
    }

    // What waits is asked for only where something does.
    static async Task AddScheduled(Database database)
    {
        await using var writer = new DatabaseWriter(database);
        await writer.Write(session => session.Execute("INSERT INTO run_counts (state_type, flow_name, deployment_id, queue, shard, runs) VALUES ('Scheduled', 'f', $1, 'q', 0, 1)", Id), Cancellation);
    }

    static async Task Check(Database database, string provider, [CallerFilePath] string caller = "")
    {
        var asked = new StringBuilder();
        var questions = new List<string>();
        database.Asked = questions.Add;
        var runs = new FlowRunLists(database);
        foreach (var (name, query) in RunQueries)
        {
            await Note($"page of runs: {name}", () => runs.Page(query, null, 50, Cancellation));
            await Note($"next page of runs: {name}", () => runs.Page(query, new FlowRunKey(At, Id), 50, Cancellation));
            await Note($"counts of runs: {name}", () => runs.Count(query, Cancellation));
        }

        var tasks = new TaskRunLists(database);
        await Note("page of task runs of a run", () => tasks.Page(new TaskRunQuery { RunId = Id, States = [new("Failed")], TaskNames = ["split"] }, new TaskRunKey(7, Id), 50, Cancellation));
        await Note("page of all task runs with a tag", () => tasks.Page(new TaskRunQuery { Tags = ["t"], Text = "x" }, null, 50, Cancellation));
        var lines = new LogLines(database);
        await Note("first lines of a log", () => lines.Read(Id, new LogQuery(), 1000, Cancellation));
        await Note("last lines of a log", () => lines.Read(Id, new LogQuery { Before = 100 }, 1000, Cancellation));
        await Note("search in a task's lines", () => lines.Read(Id, new LogQuery { TaskId = Id, MinimumLevel = 4, Text = "chi2" }, 1000, Cancellation));
        await AddScheduled(database);
        await using var overview = await RunOverview.Open(database, Cancellation);
        await Note("overview: activity", () => Task.FromResult(overview.Activity(At)));
        await Note("overview: unfinished", () => Task.FromResult(overview.Unfinished(At)));

        var approved = Path.Combine(Path.GetDirectoryName(caller)!, $"Lists.{provider}.approved.sql");
        if (File.Exists(approved) && await File.ReadAllTextAsync(approved, Cancellation) == asked.ToString())
            return;
        await File.WriteAllTextAsync(approved.Replace(".approved.", ".received.", StringComparison.Ordinal), asked.ToString(), Cancellation);
        Assert.Fail($"{approved} is not what is asked; see the received one beside it");

        async Task Note(string what, Func<Task> ask)
        {
            questions.Clear();
            await ask();
            asked.Append($"-- {what}\n{string.Join("\n", questions.Select(q => q.Trim() + ";"))}\n\n");
        }
    }
}
