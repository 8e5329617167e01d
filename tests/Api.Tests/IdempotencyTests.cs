using System.Net;
using System.Text;
using Holoflow.Api.Tests.Fixture;
using Holoflow.Api.Writes;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;
using Microsoft.AspNetCore.Routing;

namespace Holoflow.Api.Tests;

/// <summary>A repeat of a POST changes nothing more.</summary>
public sealed class IdempotencyTests
{
    const string Body = """{"flowName":"f","program":{"path":"/p"}}""";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Repeats_get_the_first_answer_and_make_one_run()
    {
        await using var api = await RunningApi.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", "once"));
            return (await response.Json(HttpStatusCode.Created)).GetRawText();
        }));
        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Equal(1, (await api.Client.FlowRuns.Count(cancellation: Cancellation)).Total);
    }

    [Fact]
    public async Task A_restarted_server_makes_no_second_run()
    {
        await using var api = await RunningApi.Start();
        var run = new CreateFlowRun { FlowName = "f", Program = PlayedRun.Program };
        var first = await api.Client.FlowRuns.Create(run, "key", Cancellation);
        await using var another = await api.StartAnother();
        using var client = new HoloflowClient(another.Address);
        var second = await client.FlowRuns.Create(run, "key", Cancellation);
        Assert.Equal((first.Id, true), (second.Id, second.Repeated));
        Assert.Equal("key", (await client.FlowRuns.Get(first.Id, Cancellation)).IdempotencyKey);
    }

    [Fact]
    public async Task A_key_that_comes_back_with_another_body_is_refused()
    {
        await using var api = await RunningApi.Start();
        using var first = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", "k"));
        using var other = await api.Post("/api/flow-runs", """{"flowName":"g","program":{"path":"/p"}}""", ("Idempotency-Key", "k"));
        Assert.Equal(["Idempotency-Key"], await other.WrongFields(HttpStatusCode.UnprocessableEntity));
        using var bad = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", new string('k', 201)));
        Assert.Equal(["Idempotency-Key"], await bad.WrongFields());
    }

    [Fact]
    public async Task Every_POST_answers_a_repeat_as_the_first_and_refuses_its_key_for_another_request()
    {
        await using var api = await RunningApi.Start();
        // What agents send over the bridge carries an identity of its own; an archive is known by its run.
        string[] others = ["/api/bus/", "/api/flow-runs/import"];
        var paths = api.Host.Routes
            .Where(r => r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("POST") && !others.Any(o => r.RoutePattern.RawText!.StartsWith(o, StringComparison.Ordinal)))
            .Select(r => RoutePaths.Fill(r.RoutePattern)).ToList();
        Assert.True(paths.Count > 12);
        foreach (var path in paths)
        {
            using var first = await api.Post(path, "{}", ("Idempotency-Key", "k"));
            using var repeat = await api.Post(path, "{}", ("Idempotency-Key", "k"));
            Assert.Equal((path, first.StatusCode, await Text(first)), (path, repeat.StatusCode, await Text(repeat)));
            using var other = await api.Post(path, "{ }", ("Idempotency-Key", "k"));
            Assert.Equal(["Idempotency-Key"], await other.WrongFields(HttpStatusCode.UnprocessableEntity));
        }

        static Task<string> Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Cancellation);
    }

    [Fact]
    public async Task A_retry_of_a_run_is_not_done_twice_by_a_repeat()
    {
        await using var api = await RunningApi.Start();
        var id = await PlayedRun.Submit(api);
        _ = await api.Client.FlowRuns.Cancel(id, cancellation: Cancellation);
        using var first = await api.Post($"/api/flow-runs/{id}/retry", "{}", ("Idempotency-Key", "r"));
        Assert.True((await first.Json()).GetProperty("changed").GetBoolean());
        _ = await api.Client.FlowRuns.Cancel(id, cancellation: Cancellation);
        using var repeat = await api.Post($"/api/flow-runs/{id}/retry", "{}", ("Idempotency-Key", "r"));
        Assert.True((await repeat.Json()).GetProperty("changed").GetBoolean());
        Assert.Equal(RunStateType.Cancelled, (await api.Client.FlowRuns.Get(id, Cancellation)).State.Type);
    }

    [Fact]
    public async Task Without_a_state_store_the_run_is_accepted_and_stored_when_it_is_back()
    {
        await using var api = await RunningApi.Start(new ApiOptions { SubmitTimeout = TimeSpan.FromMilliseconds(100) }, storeAnswers: false);
        var key = Guid.CreateVersion7().ToString();
        using var accepted = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", key));
        var id = (await accepted.Json(HttpStatusCode.Accepted)).GetProperty("id").GetGuid();
        Assert.Equal($"/api/flow-runs/{id}", accepted.Headers.Location?.OriginalString);
        using var again = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", key));
        Assert.Equal(id, (await again.Json(HttpStatusCode.Accepted)).GetProperty("id").GetGuid());
        await api.StartStore();
        using var stored = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", key));
        Assert.True(stored.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted, stored.StatusCode.ToString());
        FlowRunCounts counts;
        while ((counts = await api.Client.FlowRuns.Count(cancellation: Cancellation)).Total == 0)
            await Task.Yield();
        Assert.Equal(id, Assert.Single(await api.Client.FlowRuns.List(cancellation: Cancellation).ToListAsync(Cancellation)).Id);
    }

    [Theory]
    [InlineData("0199f3a0-0000-7000-8000-000000000000")]
    [InlineData("8f14e45fceea467a9e3b1c5d7f2a6b90")]
    public async Task A_server_that_was_started_anew_tells_the_same_id_before_the_run_is_stored(string key)
    {
        await using var api = await RunningApi.Start(new ApiOptions { SubmitTimeout = TimeSpan.FromMilliseconds(100) }, storeAnswers: false);
        await using var another = await api.StartAnother();
        using var http = new HttpClient { BaseAddress = another.Address };
        using var accepted = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", key));
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/flow-runs") { Content = new StringContent(Body, Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", key } } };
        var submitting = http.SendAsync(message, Cancellation);
        var first = (await accepted.Json(HttpStatusCode.Accepted)).GetProperty("id").GetGuid();
        await api.StartStore();
        using var repeated = await submitting;
        Assert.Equal(first, (await repeated.Json(repeated.StatusCode)).GetProperty("id").GetGuid());
        Assert.True(repeated.IsSuccessStatusCode, repeated.StatusCode.ToString());
        while ((await api.Client.FlowRuns.Count(cancellation: Cancellation)).Total == 0)
            await Task.Yield();
        Assert.Equal(first, Assert.Single(await api.Client.FlowRuns.List(cancellation: Cancellation).ToListAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task Without_a_state_store_a_key_that_a_person_chose_is_told_to_come_again_and_no_id_that_may_be_another()
    {
        await using var api = await RunningApi.Start(new ApiOptions { SubmitTimeout = TimeSpan.FromMilliseconds(100) }, storeAnswers: false);
        using var refused = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", "tonight"));
        _ = await refused.Problem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        await api.StartStore();
        while ((await api.Client.FlowRuns.Count(cancellation: Cancellation)).Total == 0)
            await Task.Yield();
        using var stored = await api.Post("/api/flow-runs", Body, ("Idempotency-Key", "tonight"));
        Assert.Equal(Assert.Single(await api.Client.FlowRuns.List(cancellation: Cancellation).ToListAsync(Cancellation)).Id, (await stored.Json(stored.StatusCode)).GetProperty("id").GetGuid());
    }

    [Fact]
    public void Keys_that_are_UUIDs_make_run_ids_that_tell_a_day_that_can_be()
    {
        var now = new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);
        var made = Guid.CreateVersion7(now.AddMinutes(-3));
        var id = KeyedRunId.Of($"f:{made}", made.ToString(), now)!.Value;
        Assert.Equal((7, id), (id.Version, KeyedRunId.Of($"f:{made}", made.ToString(), now.AddHours(2))!.Value));
        Assert.Equal(made.ToByteArray(bigEndian: true)[..6], id.ToByteArray(bigEndian: true)[..6]);
        Assert.NotEqual(id, KeyedRunId.Of($"g:{made}", made.ToString(), now));
        var midnight = Guid.CreateVersion7(now.AddHours(-20)).ToByteArray(bigEndian: true)[..6];
        foreach (var key in new[] { "ffffffff-ffff-7fff-bfff-ffffffffffff", "00000000-0000-7000-8000-000000000000", "8f14e45fceea467a9e3b1c5d7f2a6b90" })
            Assert.Equal(midnight, KeyedRunId.Of($"f:{key}", key, now)!.Value.ToByteArray(bigEndian: true)[..6]);
        Assert.Null(KeyedRunId.Of("f:tonight", "tonight", now));
    }

    [Fact]
    public async Task Without_a_state_store_a_command_is_told_to_come_again()
    {
        await using var api = await RunningApi.Start(new ApiOptions { CommandTimeout = TimeSpan.FromMilliseconds(100) }, storeAnswers: false);
        using var response = await api.Post($"/api/flow-runs/{Guid.CreateVersion7()}/cancel", "{}");
        _ = await response.Problem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
    }
}
