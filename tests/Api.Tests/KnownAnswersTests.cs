using System.Text.Json;
using Holoflow.Api.Edge;
using Holoflow.Api.Reads;
using Holoflow.Api.Tests.Fixture;
using Holoflow.Contracts;

namespace Holoflow.Api.Tests;

/// <summary>An answer that is kept is the one that would be read: it goes with the run's every step.</summary>
public sealed class KnownAnswersTests
{
    [Fact]
    public async Task A_timeline_and_a_graph_that_were_read_before_show_every_change_since()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        Assert.Equal(0, (await Read(api, run, "timeline")).GetProperty("id").GetArrayLength());
        for (var tasks = 1; tasks <= 3; tasks++)
        {
            var task = await run.Task($"task-{tasks}");
            Assert.Equal(tasks, (await Read(api, run, "timeline")).GetProperty("id").GetArrayLength());
            Assert.Equal(tasks, (await Read(api, run, "graph")).GetProperty("nodes").GetArrayLength());
            Assert.Equal(1, States(await Read(api, run, "graph"), tasks).GetProperty("Pending").GetInt32());
            await run.State(task, "Running");
            Assert.Equal(1, States(await Read(api, run, "graph"), tasks).GetProperty("Running").GetInt32());
            Assert.Contains("Running", (await Read(api, run, "timeline")).GetProperty("states").EnumerateArray().Select(s => s.GetString()));
        }

        // The store ends the tasks of a run that crashed: no event of theirs says so.
        await run.Report(RunReport.Crashed);
        Assert.DoesNotContain("Running", (await Read(api, run, "timeline")).GetProperty("states").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal((await Read(api, run, "timeline")).GetRawText(), (await Read(api, run, "timeline")).GetRawText());
    }

    [Fact]
    public void What_was_used_longest_ago_makes_room_and_what_is_too_large_is_not_kept()
    {
        var known = new KnownAnswers(100);
        var (first, later) = (new RunPosition(1, 1), new RunPosition(1, 2));
        known.Keep("a", first, Answer(40));
        known.Keep("b", first, Answer(40));
        Assert.NotNull(known.Find("a", first));
        known.Keep("c", first, Answer(40));
        Assert.Null(known.Find("b", first));
        Assert.NotNull(known.Find("a", first));
        Assert.Null(known.Find("a", later));
        known.Keep("a", later, Answer(60));
        Assert.Null(known.Find("a", first));
        Assert.NotNull(known.Find("a", later));
        known.Keep("d", first, Answer(101));
        Assert.Null(known.Find("d", first));
        Assert.NotNull(known.Find("c", first));
    }

    static RecordedAnswer Answer(int bytes) => new(200, "application/json", new byte[bytes]);

    static JsonElement States(JsonElement graph, int task) =>
        graph.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("id").GetString() == $"task-{task}").GetProperty("states");

    static async Task<JsonElement> Read(RunningApi api, PlayedRun run, string what)
    {
        using var response = await api.Get($"/api/flow-runs/{run.Id}/{what}");
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
