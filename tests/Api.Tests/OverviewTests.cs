using System.Text.Json;
using Holoflow.Api.Reads;
using Holoflow.Api.Tests.Fixture;
using Holoflow.Contracts;
using HeldRun = Holoflow.ReadModel.Overview.HeldRun;
using Stored = Holoflow.Persistence.Model;

namespace Holoflow.Api.Tests;

/// <summary>What pages show of all runs, and of all task runs of one.</summary>
public sealed class OverviewTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_overview_tells_what_runs_what_waits_and_why_and_what_failed()
    {
        await using var api = await RunningApi.Start();
        var running = await PlayedRun.Start(api);
        var task = await running.Task("load");
        _ = await running.Task("solve");
        await running.State(task, "Running");
        await running.State(task, "Completed");
        var failed = await PlayedRun.Start(api, "broken");
        await failed.Report(RunReport.Failed, "no data");
        var waiting = await PlayedRun.Submit(api, "late");
        using var response = await api.Get("/api/overview");
        var overview = await response.Json();
        Assert.Equal(running.Id, overview.GetProperty("running")[0].GetProperty("run").GetProperty("id").GetGuid());
        Assert.Equal((1, 2, 0.5), (overview.GetProperty("running")[0].GetProperty("tasksEnded").GetInt32(), overview.GetProperty("running")[0].GetProperty("tasks").GetInt32(), overview.GetProperty("running")[0].GetProperty("fraction").GetDouble()));
        Assert.Equal(waiting, overview.GetProperty("waiting")[0].GetProperty("run").GetProperty("id").GetGuid());
        Assert.Equal("NoAgentForQueue", overview.GetProperty("waiting")[0].GetProperty("reasons")[0].GetProperty("kind").GetString());
        Assert.Equal("no data", overview.GetProperty("failed")[0].GetProperty("state").GetProperty("message").GetString());
        Assert.Equal(1, overview.GetProperty("due").GetInt32());
        Assert.Equal(3, overview.GetProperty("activity").EnumerateArray().SelectMany(b => b.GetProperty("byType").EnumerateObject()).Sum(s => s.Value.GetInt32()));
    }

    [Fact]
    public async Task Where_all_runs_have_ended_the_overview_still_tells_what_failed()
    {
        await using var api = await RunningApi.Start();
        using (var empty = await api.Get("/api/overview"))
            Assert.Equal(0, (await empty.Json()).GetProperty("failed").GetArrayLength());
        var completed = await PlayedRun.Start(api);
        await completed.Report(RunReport.Completed);
        var failed = await PlayedRun.Start(api, "broken");
        await failed.Report(RunReport.Failed, "no data");
        using var response = await api.Get("/api/overview");
        var overview = await response.Json();
        Assert.Equal(failed.Id, Assert.Single(overview.GetProperty("failed").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.Empty(overview.GetProperty("unfinished").EnumerateObject());
        Assert.Equal((0, 0, 0), (overview.GetProperty("running").GetArrayLength(), overview.GetProperty("waiting").GetArrayLength(), overview.GetProperty("due").GetInt32()));
        Assert.Equal(2, overview.GetProperty("activity").EnumerateArray().SelectMany(b => b.GetProperty("byType").EnumerateObject()).Sum(s => s.Value.GetInt32()));
    }

    [Theory]
    [InlineData("hours=0")]
    [InlineData("hours=745")]
    [InlineData("hours=day")]
    [InlineData("since=yesterday")]
    public async Task A_span_that_is_none_is_refused_by_name(string query)
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Get($"/api/overview?{query}");
        Assert.Equal([query.Split('=')[0]], await response.WrongFields());
    }

    [Fact]
    public async Task The_timeline_is_the_task_runs_in_columns_and_says_where_to_follow_from()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        Guid[] tasks = [await run.Task("load"), await run.Task("solve"), await run.Task("solve")];
        await run.State(tasks[0], "Running");
        await run.State(tasks[0], "Completed", "Cached");
        using var response = await api.Get($"/api/flow-runs/{run.Id}/timeline");
        var timeline = await response.Json();
        Assert.Equal(tasks, timeline.GetProperty("id").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal(["load", "solve"], timeline.GetProperty("tasks").EnumerateArray().Select(t => t.GetString()!));
        Assert.Equal([0, 1, 1], timeline.GetProperty("task").EnumerateArray().Select(t => t.GetInt32()));
        Assert.Equal(["Completed Cached", "Pending"], timeline.GetProperty("states").EnumerateArray().Select(t => t.GetString()!));
        Assert.Equal([JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Null], timeline.GetProperty("ended").EnumerateArray().Select(t => t.ValueKind));
        await run.State(tasks[1], "Running");
        await run.Report(RunReport.Completed);
        using var follow = await api.Get($"/api/flow-runs/{run.Id}/follow?logs=false", ("Last-Event-ID", timeline.GetProperty("follow").GetString()!));
        var told = await follow.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(tasks[1].ToString(), told, StringComparison.Ordinal);
        Assert.Contains("\"ended\"", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_lines_of_a_log_are_read_backwards_page_by_page()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        await run.Log([.. Enumerable.Range(1, 25).Select(i => $"line {i}")]);
        using var tail = await api.Get($"/api/flow-runs/{run.Id}/logs?before=9007199254740991&limit=10");
        var last = await tail.Json();
        Assert.Equal(Enumerable.Range(16, 10).Select(i => $"line {i}"), Texts(last));
        Assert.True(last.GetProperty("more").GetBoolean());
        using var earlier = await api.Get($"/api/flow-runs/{run.Id}/logs?before={last.GetProperty("lines")[0].GetProperty("position").GetInt64()}&limit=50");
        Assert.Equal(Enumerable.Range(1, 15).Select(i => $"line {i}"), Texts(await earlier.Json()));
        using var wrong = await api.Get($"/api/flow-runs/{run.Id}/logs?before=-1");
        Assert.Equal(["before"], await wrong.WrongFields());
    }

    [Fact]
    public async Task Artifacts_of_one_key_are_found_over_all_runs_the_newest_first()
    {
        await using var api = await RunningApi.Start();
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            var run = await PlayedRun.Start(api, i == 4 ? "other" : "demo");
            _ = await run.Artifact("noise", "markdown", "no");
            made.Insert(0, await run.Artifact("qa", "table", new[] { new { value = i } }));
        }

        using var first = await api.Get("/api/artifacts?key=qa&limit=3");
        var page = await first.Json();
        using var second = await api.Get($"/api/artifacts?key=qa&limit=3&cursor={page.GetProperty("next").GetString()}");
        Assert.Equal(made, [.. Ids(page), .. Ids(await second.Json())]);
        using var ofFlow = await api.Get("/api/artifacts?key=qa&flow=other");
        Assert.Equal(made[..1], Ids(await ofFlow.Json()));
        using var without = await api.Get("/api/artifacts");
        Assert.Equal(["key"], await without.WrongFields());
    }

    [Fact]
    public async Task A_schedule_is_previewed_before_it_is_kept_or_its_mistakes_are_named()
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Post("/api/schedules/preview", """{"schedule":{"cron":"0 3 * * *","timeZone":"Australia/Perth","active":false},"count":5}""");
        var next = (await response.Json()).GetProperty("next").EnumerateArray().Select(t => t.GetDateTimeOffset()).ToList();
        Assert.Equal(5, next.Count);
        Assert.All(next, at => Assert.Equal(19, at.UtcDateTime.Hour));
        using var wrong = await api.Post("/api/schedules/preview", """{"schedule":{"cron":"61 * * * *"}}""");
        Assert.Equal(["schedule.cron"], await wrong.WrongFields());
        using var many = await api.Post("/api/schedules/preview", """{"schedule":{"cron":"* * * * *"},"count":101}""");
        Assert.Equal(["count"], await many.WrongFields());
    }

    public static TheoryData<string, double?, double?, double?, int, int, double?, double?> Estimates => new()
    {
        // What is known: own fraction, seconds left, usual minutes, ended, all. What follows: fraction, minutes until the end.
        { "nothing", null, null, null, 0, 0, null, null },
        { "tasks alone", null, null, null, 3, 4, 0.75, null },
        { "the flow says what is left", 0.2, 120, 60, 3, 4, 0.2, 2 },
        { "the usual duration", null, null, 40, 0, 0, 0.25, 30 },
        { "longer than usual", null, null, 5, 0, 0, null, null },
        { "the flow's fraction", 0.25, null, null, 0, 0, 0.25, 30 },
        { "too early to tell", 0.01, null, null, 0, 0, 0.01, null },
    };

    [Theory]
    [MemberData(nameof(Estimates))]
    public void The_end_of_a_run_is_told_by_what_tells_it_best(string known, double? own, double? left, double? usualMinutes, int ended, int tasks, double? fraction, double? minutes)
    {
        _ = known;
        var run = new Stored.FlowRunRow
        {
            Id = Guid.Empty,
            Name = "",
            FlowName = "",
            Queue = "",
            Priority = 0,
            Tags = "[]",
            StateType = "Running",
            StateName = "Running",
            StateAt = Now,
            Version = 1,
            CreatedAt = Now,
            ScheduledFor = Now,
            DueAt = Now,
            Epoch = 1,
            RunCount = 1,
            RetriesUsed = 0,
            CrashesUsed = 0,
            MaxRetries = 0,
            RetryDelay = 0,
            CrashReschedules = 0,
            EventsThrough = 0,
            StartedAt = Now.AddMinutes(-10),
        };
        var progress = own is null && left is null ? null : new Stored.ProgressRow { RunId = Guid.Empty, SubjectId = Guid.Empty, Fraction = own, SecondsLeft = left, Sequence = 1, At = Now };
        var estimate = RunEstimate.Of(new HeldRun(run, progress, ended, tasks, usualMinutes is { } usual ? TimeSpan.FromMinutes(usual) : null), Now);
        Assert.Equal(fraction, estimate.Fraction);
        Assert.Equal(minutes is { } m ? Now.AddMinutes(m) : null, estimate.EndsAt);
    }

    static IEnumerable<string> Texts(JsonElement page) => page.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("text").GetString()!);

    static IEnumerable<Guid> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("artifact").GetProperty("id").GetGuid());
}
