using System.Net;
using System.Text.Json;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Api.Tests;

/// <summary>Lists of flow runs against the same question asked of all rows in memory.</summary>
public sealed class RunListTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_filter_finds_what_a_look_at_all_rows_finds_in_the_same_order()
    {
        await using var api = await RunningApi.Start();
        var rows = await Fill(api, 120);
        var random = new Random(7);
        for (var round = 0; round < 150; round++)
        {
            var filter = Draw(random, rows);
            var expected = Expected(rows, filter);
            var found = await api.Client.FlowRuns.List(filter, Cancellation).Select(r => r.Id).ToListAsync(Cancellation);
            Assert.True(expected.SequenceEqual(found), $"{filter}: {expected.Count} expected, {found.Count} found");
            var counts = await api.Client.FlowRuns.Count(filter, Cancellation);
            Assert.Equal(expected.Count, counts.Total);
        }
    }

    [Fact]
    public async Task Pages_stay_in_step_while_rows_come_and_go()
    {
        await using var api = await RunningApi.Start();
        var rows = await Fill(api, 30);
        var first = await api.Client.FlowRuns.ListPage(new FlowRunFilter { Limit = 10 }, cancellation: Cancellation);
        var last = first.Items[^1];
        _ = await api.Client.FlowRuns.Cancel(last.Id, cancellation: Cancellation);
        _ = await api.Client.FlowRuns.Delete(last.Id, Cancellation);
        _ = await PlayedRun.Submit(api);
        var second = await api.Client.FlowRuns.ListPage(new FlowRunFilter { Limit = 10 }, first.Next, Cancellation);
        var all = rows.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Select(r => r.Id).ToList();
        Assert.Equal(all[10..20], second.Items.Select(r => r.Id));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("state=Runing", "state")]
    [InlineData("since=2026-02-01&until=2026-01-01", "since")]
    [InlineData("since=2026-01-01&until=2026-01-01", "since")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=2026-13-01", "since")]
    [InlineData("parent=../x", "parent")]
    [InlineData("parameter=novalue", "parameter")]
    [InlineData("parameter==1", "parameter")]
    [InlineData("deployment=none/such", "deployment")]
    [InlineData("deployment=x", "deployment")]
    [InlineData("sort=random", "sort")]
    [InlineData("sort=1", "sort")]
    [InlineData("colour=red&Limit=5", "Limit", "colour")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("cursor=not+base64!", "cursor")]
    [InlineData("text=a%00b", "text")]
    public async Task A_wrong_query_is_refused_by_name(string query, params string[] fields)
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Get($"/api/flow-runs?{query}");
        Assert.Equal(fields, await response.WrongFields());
    }

    [Fact]
    public async Task A_time_range_upside_down_is_refused_in_one_message_with_both_ends()
    {
        await using var api = await RunningApi.Start();
        var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.FlowRuns.ListPage(
            new FlowRunFilter { Since = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), Until = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }, cancellation: Cancellation));
        Assert.Equal("since: must be before 'until': 2026-02-01T00:00:00Z is not before 2026-01-01T00:00:00Z", refused.Message);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused_and_a_forged_one_harms_nothing()
    {
        await using var api = await RunningApi.Start();
        _ = await Fill(api, 5);
        var page = await api.Client.FlowRuns.ListPage(new FlowRunFilter { Limit = 2 }, cancellation: Cancellation);
        using var other = await api.Get($"/api/flow-runs?limit=2&state=Running&cursor={page.Next}");
        Assert.Equal(["cursor"], await other.WrongFields());
        var random = new Random(3);
        for (var i = 0; i < 100; i++)
        {
            var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(page.Next);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            using var forged = await api.Get($"/api/flow-runs?limit=2&cursor={System.Buffers.Text.Base64Url.EncodeToString(bytes)}");
            Assert.True(forged.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, forged.StatusCode.ToString());
        }
    }

    static async Task<List<FlowRunDetail>> Fill(RunningApi api, int count)
    {
        var random = new Random(1);
        _ = await api.Client.WorkQueues.Create(new() { Name = "slow" }, Cancellation);
        var rows = new List<FlowRunDetail>();
        for (var i = 0; i < count; i++)
        {
            var id = await PlayedRun.Submit(api, asked: new CreateFlowRun
            {
                FlowName = random.Next(3) == 0 ? "alpha" : "beta",
                Program = PlayedRun.Program,
                Name = i % 10 == 0 ? $"50%_{i}" : $"run {i}",
                Queue = random.Next(4) == 0 ? "slow" : null,
                Tags = [.. ((string[])["x", "y", "z"]).Where(_ => random.Next(2) == 0)],
                Parameters = JsonSerializer.SerializeToElement(new { n = i % 4, s = i % 2 == 0 ? "even" : "odd", o = new { deep = true } }),
            });
            if (random.Next(3) == 0)
                _ = await api.Client.FlowRuns.Cancel(id, cancellation: Cancellation);
            else if (random.Next(4) == 0)
                _ = await api.Client.FlowRuns.Pause(id, cancellation: Cancellation);
            rows.Add(await api.Client.FlowRuns.Get(id, Cancellation));
        }

        return rows;
    }

    static FlowRunFilter Draw(Random random, List<FlowRunDetail> rows) => new()
    {
        States = Some(random, "Scheduled", "Cancelled", "Paused", "Running", "Late"),
        Flows = Some(random, "alpha", "beta", "gamma"),
        Queues = Some(random, "slow", "default"),
        Tags = Some(random, "x", "y", "none"),
        Parameters = [.. Some(random, "n=1", "s=even", "s=\"odd\"", "o={\"deep\":true}", "n=9").Select(p => KeyValuePair.Create(p.Split('=')[0], p.Split('=')[1]))],
        Text = random.Next(4) switch { 0 => "un 1", 1 => "50%_", 2 => "ALPHA", _ => null },
        Since = random.Next(3) == 0 ? rows[random.Next(rows.Count / 2)].CreatedAt : null,
        Until = random.Next(3) == 0 ? rows[(rows.Count / 2) + random.Next(rows.Count / 2)].CreatedAt : null,
        Sort = random.Next(2) == 0 ? FlowRunSort.Newest : FlowRunSort.Oldest,
        Limit = random.Next(1, 40),
    };

    static string[] Some(Random random, params string[] values) => random.Next(2) == 0 ? [] : [.. values.Where(_ => random.Next(3) == 0)];

    static List<Guid> Expected(List<FlowRunDetail> rows, FlowRunFilter f)
    {
        var found = rows.Where(r =>
            (f.States.Count == 0 || f.States.Contains(r.State.Type.ToString()) || f.States.Contains(r.State.Name))
            && (f.Flows.Count == 0 || f.Flows.Contains(r.FlowName))
            && (f.Queues.Count == 0 || f.Queues.Contains(r.Queue))
            && f.Tags.All(r.Tags.Contains)
            && f.Parameters.All(p => Matches(r.Parameters.GetProperty(p.Key), p.Value))
            && (f.Text is null || r.Name.Contains(f.Text, StringComparison.OrdinalIgnoreCase) || r.FlowName.Contains(f.Text, StringComparison.OrdinalIgnoreCase))
            && (f.Since is null || r.CreatedAt >= f.Since)
            && (f.Until is null || r.CreatedAt < f.Until));
        return [.. (f.Sort == FlowRunSort.Oldest ? found.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id) : found.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id)).Select(r => r.Id)];
    }

    static bool Matches(JsonElement value, string wanted) => value.ValueKind == JsonValueKind.String ? value.GetString() == wanted.Trim('"') : value.GetRawText() == wanted;
}
