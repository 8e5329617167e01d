using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Holoflow.Api.Access;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.Agents;
using Holoflow.ApiModel.Tokens;
using Holoflow.Client;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Api.Tests;

/// <summary>Enrolment of agents: what a one-time code is good for, and every way in which it is misused.</summary>
public sealed class EnrollmentTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_gives_an_agent_a_token_of_its_own_and_is_used_up()
    {
        await using var guarded = await GuardedApi.Start();
        var code = await Invite(guarded, "node1");
        Assert.StartsWith("holoflow_enroll_", code.Token, StringComparison.Ordinal);
        var token = ApiTokenText.New();
        var enrolled = await Enroll(guarded, code.Token, token);
        Assert.Equal("node1", enrolled.Name);
        Assert.Null(enrolled.Broker);
        Assert.Contains("makes no broker users (HOLOFLOW_RABBITMQ_MANAGEMENT is not set there)", enrolled.Note, StringComparison.Ordinal);

        using var agent = ClientWith(guarded, token);
        Assert.Equal(TokenScope.Agent, (await agent.Server.Status(Cancellation)).Scope);
        var rows = (await guarded.Admin.Tokens.List(Cancellation)).Where(t => t.Name == "node1").Select(t => (t.Scope, t.Live));
        Assert.Equal([(TokenScope.Agent, true), (TokenScope.Enroll, false)], rows);
        Assert.Contains("was used already", (await Refused(guarded, code.Token)).Message, StringComparison.Ordinal);

        await guarded.Admin.Tokens.Revoke((await guarded.Admin.Tokens.List(Cancellation)).Single(t => t is { Name: "node1", Live: true }).Id, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, (HttpStatusCode)(await Assert.ThrowsAsync<ApiRefusedException>(() => agent.Server.Status(Cancellation))).Status);
    }

    [Fact]
    public async Task Of_many_that_come_with_one_code_at_once_one_is_enrolled()
    {
        await using var guarded = await GuardedApi.Start();
        var code = await Invite(guarded, "node1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var answer = await Send(guarded, code.Token, Body(ApiTokenText.New()));
            return answer.StatusCode;
        }));
        Assert.Single(answers, HttpStatusCode.OK);
        Assert.All(answers.Where(a => a != HttpStatusCode.OK), a => Assert.Contains(a, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Conflict, HttpStatusCode.TooManyRequests]));
        Assert.Single(await guarded.Admin.Tokens.List(Cancellation), t => t is { Name: "node1", Scope: TokenScope.Agent });
    }

    [Fact]
    public async Task A_code_that_has_expired_is_told_so()
    {
        await using var guarded = await GuardedApi.Start();
        var code = ApiTokenText.NewCode();
        var define = new DefineApiToken { TokenId = Guid.CreateVersion7(), Name = "node1", Hash = ApiTokenText.HashOf(code), Scope = "enroll", ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1) };
        Assert.Equal(CommandOutcome.Accepted, (await guarded.Api.Bus.Request(define, Cancellation)).Outcome);
        await guarded.LookAgain();
        Assert.Contains("the enrolment code of 'node1' has expired", (await Refused(guarded, code)).Message, StringComparison.Ordinal);
        // The store itself holds to it, whoever asks.
        var answer = await guarded.Api.Bus.Request(new EnrollAgent(define.TokenId, Guid.CreateVersion7(), ApiTokenText.HashOf(ApiTokenText.New())), Cancellation);
        Assert.Equal(CommandOutcome.Refused, answer.Outcome);
    }

    [Fact]
    public async Task A_revoked_code_a_guessed_one_and_a_token_that_is_none_enrol_nobody()
    {
        await using var guarded = await GuardedApi.Start();
        var code = await Invite(guarded, "node1");
        await guarded.Admin.Tokens.Revoke(code.Id, Cancellation);
        Assert.Contains("or revoked", (await Refused(guarded, code.Token)).Message, StringComparison.Ordinal);
        Assert.Contains("is not known here", (await Refused(guarded, ApiTokenText.NewCode())).Message, StringComparison.Ordinal);
        foreach (var scope in Enum.GetValues<TokenScope>().Where(s => s != TokenScope.Enroll))
        {
            var other = await guarded.Token(scope, $"a {scope}");
            Assert.Contains($"'a {scope}' is no enrolment code", (await Refused(guarded, other.Token)).Message, StringComparison.Ordinal);
            var answer = await guarded.Api.Bus.Request(new EnrollAgent(other.Id, Guid.CreateVersion7(), ApiTokenText.HashOf(ApiTokenText.New())), Cancellation);
            Assert.Equal(CommandOutcome.Refused, answer.Outcome);
        }

        Assert.Equal(CommandOutcome.NotFound, (await guarded.Api.Bus.Request(new EnrollAgent(Guid.CreateVersion7(), Guid.CreateVersion7(), ApiTokenText.HashOf(ApiTokenText.New())), Cancellation)).Outcome);
        Assert.DoesNotContain(await guarded.Admin.Tokens.List(Cancellation), t => t.Name == "node1" && t.Live);
    }

    [Fact]
    public async Task A_code_opens_nothing_but_its_enrolment()
    {
        await using var guarded = await GuardedApi.Start();
        var code = await Invite(guarded, "node1");
        foreach (var (method, path) in (IEnumerable<(string, string)>)[("GET", "/api/flow-runs"), ("GET", "/api/status"), ("GET", "/api/tokens"), ("GET", "/api/events"), ("POST", "/api/tokens"), ("GET", "/api/nothing")])
        {
            using var answer = await guarded.Send(method, path, code.Token);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
        }

        Assert.Equal("node1", (await Enroll(guarded, code.Token, ApiTokenText.New())).Name);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_a_code_that_is_taken_counts_for_nothing()
    {
        await using var guarded = await GuardedApi.Start();
        for (var i = 0; i < EnrollmentGate.MostFailures + 5; i++)
            _ = await Enroll(guarded, (await Invite(guarded, $"node{i}")).Token, ApiTokenText.New());
        var good = await Invite(guarded, "last");
        var statuses = new List<HttpStatusCode>();
        HttpResponseMessage answer;
        do
        {
            answer = await Send(guarded, ApiTokenText.NewCode(), Body(ApiTokenText.New()));
            statuses.Add(answer.StatusCode);
        }
        while (answer.StatusCode != HttpStatusCode.TooManyRequests);

        // A window may have ended meanwhile; within one there are not more.
        Assert.InRange(statuses.Count(s => s == HttpStatusCode.Unauthorized), EnrollmentGate.MostFailures, (2 * EnrollmentGate.MostFailures) - 1);
        Assert.Equal(EnrollmentGate.Window, answer.Headers.RetryAfter!.Delta);
        Assert.Contains("wrong enrolment codes came from this address", (await answer.Problem(HttpStatusCode.TooManyRequests)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var other = await guarded.Send("GET", "/api/flow-runs", guarded.AdminToken);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.True((await guarded.Admin.Tokens.List(Cancellation)).Single(t => t.Id == good.Id).Live);
    }

    [Fact]
    public async Task Of_a_code_only_its_hash_is_kept()
    {
        await using var guarded = await GuardedApi.Start();
        var code = await Invite(guarded, "node1");
        foreach (var file in Directory.EnumerateFiles(guarded.Api.Folder, "holoflow.db*"))
        {
            await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(bytes, Encoding.Latin1);
            Assert.DoesNotContain(code.Token, await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"tokenHash":"x","brokerPasswordHash":"x"}""", "brokerPasswordHash,tokenHash")]
    [InlineData("""{"tokenHash":"0000000000000000000000000000000000000000000000000000000000000000","brokerPasswordHash":"cGFzc3dvcmQ="}""", "brokerPasswordHash")]
    [InlineData("""{"brokerPasswordHash":"x"}""", "tokenHash")]
    [InlineData("""{"tokenHash":"x","brokerPasswordHash":"x","scope":"Admin"}""", "scope")]
    public async Task A_request_that_makes_no_sense_is_refused_by_its_field_and_the_code_stays_good(string json, string fields)
    {
        await using var guarded = await GuardedApi.Start();
        var code = await Invite(guarded, "node1");
        using (var answer = await Send(guarded, code.Token, json))
            Assert.Equal(fields.Split(','), await answer.WrongFields());
        Assert.Equal("node1", (await Enroll(guarded, code.Token, ApiTokenText.New())).Name);
    }

    [Theory]
    [InlineData("""{"name":"a node","scope":"Enroll"}""", "name")]
    [InlineData("""{"name":"-rf","scope":"Enroll"}""", "name")]
    [InlineData("""{"name":"node1","scope":"Enroll","expiresAt":"2999-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task A_code_for_what_is_no_agents_name_or_for_long_is_not_made(string json, string field)
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Post("/api/tokens", json);
        Assert.Equal([field], await response.WrongFields());
    }

    [Fact]
    public async Task A_server_that_asks_for_no_tokens_says_that_there_is_nothing_to_enrol_for()
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Post("/api/agents/enroll", Body(ApiTokenText.New()));
        Assert.Contains("an agent needs none", (await response.Problem(HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_brokers_management_does_not_answer_nobody_is_enrolled_and_the_code_stays_good()
    {
        await using var guarded = await GuardedApi.Start();
        using var away = new BrokerUsers(new Uri("http://enrollment:secret@127.0.0.1:9/"), new Uri("amqp://127.0.0.1:5672/"));
        await using var other = new ApiHost(
            new ApiServices(guarded.Api.Bus, guarded.Api.Database, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance) { BrokerUsers = away }, new ApiOptions { Port = 0, RequireTokens = true });
        // Made before the other server starts, so that this one knows it: of a later one a message tells, at some time.
        var code = await Invite(guarded, "node1");
        await other.StartAsync(Cancellation);
        using (var there = new HoloflowClient(new ClientOptions { BaseAddress = other.Address, Token = code.Token }))
        {
            var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => there.Agents.Enroll(new AgentEnrollment { TokenHash = ApiTokenText.HashOf(ApiTokenText.New()), BrokerPasswordHash = BrokerPassword.HashOf("x") }, Cancellation));
            Assert.Equal(502, refused.Status);
            Assert.Contains("nobody was enrolled and the code is still good", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal("node1", (await Enroll(guarded, code.Token, ApiTokenText.New())).Name);
        using var admin = new HoloflowClient(new ClientOptions { BaseAddress = other.Address, Token = guarded.AdminToken });
        var live = (await admin.Tokens.List(Cancellation)).Single(t => t is { Name: "node1", Live: true });
        var told = await Assert.ThrowsAsync<ApiRefusedException>(() => admin.Tokens.Revoke(live.Id, Cancellation));
        Assert.Contains("the API token is revoked; a user of the broker that hangs on it goes when the broker's management is back", told.Message, StringComparison.Ordinal);
        Assert.False((await admin.Tokens.List(Cancellation)).Single(t => t.Id == live.Id).Live);
    }

    [Fact]
    public async Task An_agent_that_has_a_token_is_not_invited_again_before_that_is_revoked()
    {
        await using var guarded = await GuardedApi.Start();
        _ = await Enroll(guarded, (await Invite(guarded, "node1")).Token, ApiTokenText.New());
        Assert.Contains("'node1' already", (await Assert.ThrowsAsync<ApiRefusedException>(() => Invite(guarded, "node1"))).Message, StringComparison.Ordinal);
    }

    static Task<ApiTokenCreated> Invite(GuardedApi guarded, string name) => guarded.Token(TokenScope.Enroll, name);

    static HoloflowClient ClientWith(GuardedApi guarded, string token) => new(new ClientOptions { BaseAddress = guarded.Api.Host.Address, Token = token });

    static async Task<AgentEnrolled> Enroll(GuardedApi guarded, string code, string token)
    {
        using var client = ClientWith(guarded, code);
        return await client.Agents.Enroll(new AgentEnrollment { TokenHash = ApiTokenText.HashOf(token), BrokerPasswordHash = BrokerPassword.HashOf("a password of this test") }, Cancellation);
    }

    static Task<ApiRefusedException> Refused(GuardedApi guarded, string code) => Assert.ThrowsAsync<ApiRefusedException>(() => Enroll(guarded, code, ApiTokenText.New()));

    static string Body(string token) => $$"""{"tokenHash":"{{ApiTokenText.HashOf(token)}}","brokerPasswordHash":"{{BrokerPassword.HashOf("a password of this test")}}"}""";

    static async Task<HttpResponseMessage> Send(GuardedApi guarded, string code, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/agents/enroll") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", code);
        return await guarded.Api.Http.SendAsync(request, Cancellation);
    }
}
