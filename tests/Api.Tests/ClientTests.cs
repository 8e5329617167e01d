using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;
using Holoflow.Client.Transport;

namespace Holoflow.Api.Tests;

/// <summary>The client waits for a server that is away, repeats without doing twice, and says clearly what went wrong.</summary>
public sealed class ClientTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_repeated_with_the_same_key_until_the_server_answers()
    {
        await using var api = await RunningApi.Start();
        using var flaky = new FlakyHandler(loseAnswers: 3, refuseConnections: 2, unavailable: 2);
        using var client = new HoloflowClient(new ClientOptions { BaseAddress = api.Host.Address, Handler = flaky });
        var created = await client.FlowRuns.Create(new CreateFlowRun { FlowName = "f", Program = PlayedRun.Program }, cancellation: Cancellation);
        Assert.Single(flaky.Keys.Distinct(StringComparer.Ordinal));
        Assert.Equal(8, flaky.Keys.Count);
        Assert.Equal(created.Id, (await api.Client.FlowRuns.List(cancellation: Cancellation).SingleAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_in_one_line()
    {
        using var client = new HoloflowClient(new ClientOptions { BaseAddress = new Uri("http://127.0.0.1:1"), RetryFor = TimeSpan.FromMilliseconds(200), ReconnectFor = TimeSpan.FromMilliseconds(200) });
        var unreachable = await Assert.ThrowsAsync<ApiUnreachableException>(() => client.Server.Status(Cancellation));
        Assert.Equal("the API at http://127.0.0.1:1/ cannot be reached: Connection refused", unreachable.Message);
        _ = await Assert.ThrowsAsync<ApiUnreachableException>(async () => await client.FlowRuns.Follow(Guid.CreateVersion7(), cancellation: Cancellation).FirstAsync(Cancellation));
    }

    [Fact]
    public async Task A_refusal_is_not_repeated_and_names_the_fields()
    {
        await using var api = await RunningApi.Start();
        var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.FlowRuns.Create(new CreateFlowRun { FlowName = "a/b", Program = PlayedRun.Program }, cancellation: Cancellation));
        Assert.Equal("flowName: must not hold '/' nor be '.' or '..'", refused.Message);
    }

    [Fact]
    public async Task Something_that_is_no_API_is_told_as_such()
    {
        await using var api = await RunningApi.Start();
        using var client = new HoloflowClient(new Uri(api.Host.Address, "elsewhere"));
        var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => client.Server.Status(Cancellation));
        Assert.Equal(404, refused.Status);
    }

    [Fact]
    public void Delays_grow_and_stay_bounded() => Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt, byte>((tries, jitter) =>
    {
        var delay = BackOff.Delay(tries.Get, jitter / 255.0);
        var whole = Math.Min(100 * Math.Pow(2, Math.Min(tries.Get, 20)), 5000);
        return delay.TotalMilliseconds >= (whole / 2) - 0.001 && delay.TotalMilliseconds <= whole + 0.001;
    }));

    [Fact]
    public async Task Hostile_values_arrive_as_they_were_sent_or_are_refused_by_name()
    {
        await using var api = await RunningApi.Start();
        string[] hostile = ["'\"`$(touch /tmp/x);\n\r\t", "../../etc/passwd", "\u0000\u0001\u001f\u007f", "📡🛰️𝔽", "<script>alert(1)</script>", "\u202e\u2028\u2029", "%00%2e%2e", "\\u0000", "'; DROP TABLE flow_runs; --", ""];
        var random = new Random(11);
        for (var i = 0; i < 200; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(4) == 0 ? hostile[random.Next(hostile.Length)] : new Rune(random.Next(0x20, 0xD7FF)).ToString()));
            var name = random.Next(2) == 0 ? "p" : value + "k";
            var sent = JsonSerializer.SerializeToElement(new Dictionary<string, object>(StringComparer.Ordinal) { [name] = new[] { value } });
            var asked = new CreateFlowRun { FlowName = "f", Program = PlayedRun.Program, Parameters = sent };
            if (value.Contains('\0', StringComparison.Ordinal))
            {
                var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.FlowRuns.Create(asked, cancellation: Cancellation));
                Assert.StartsWith("parameters", refused.Problem.Errors!.Keys.Single(), StringComparison.Ordinal);
                continue;
            }

            var created = await api.Client.FlowRuns.Create(asked, cancellation: Cancellation);
            var stored = (await api.Client.FlowRuns.Get(created.Id, Cancellation)).Parameters;
            Assert.True(JsonElement.DeepEquals(sent, stored), sent.GetRawText());
            // What would be a pattern or the end of a text is looked for as it is.
            Assert.Equal(0, await api.Client.FlowRuns.List(new FlowRunFilter { Text = value.Length <= 200 ? $"%{value}" : "%" }, Cancellation).CountAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData("a b/c?d#e")]
    [InlineData("ümlaut 📡")]
    [InlineData("100%")]
    [InlineData("%2f")]
    [InlineData("'\"<>&")]
    public async Task A_name_of_any_characters_is_found_by_it(string name)
    {
        await using var api = await RunningApi.Start();
        var allowed = name.Replace('/', '-');
        _ = await api.Client.WorkQueues.Create(new() { Name = allowed }, Cancellation);
        Assert.Equal(allowed, (await api.Client.WorkQueues.Get(allowed, Cancellation)).Name);
        _ = await api.Client.Deployments.Put(allowed, allowed, new() { Program = PlayedRun.Program, Queue = allowed, Tags = [allowed] }, Cancellation);
        Assert.Equal(allowed, (await api.Client.Deployments.Get(new DeploymentKey(allowed, allowed), Cancellation)).Name);
        Assert.Single(await api.Client.Deployments.List(new() { Tags = [allowed], Queues = [allowed], Flows = [allowed] }, Cancellation).ToListAsync(Cancellation));
    }

    /// <summary>Loses answers, refuses connections, and says 503: each a few times.</summary>
    sealed class FlakyHandler(int loseAnswers, int refuseConnections, int unavailable) : DelegatingHandler(new SocketsHttpHandler())
    {
        public List<string> Keys { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Keys.Add(request.Headers.GetValues("Idempotency-Key").Single());
            var time = Keys.Count;
            if (time <= refuseConnections)
                throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
            if (time <= refuseConnections + unavailable)
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            var response = await base.SendAsync(request, cancellationToken);
            if (time > refuseConnections + unavailable + loseAnswers)
                return response;
            response.Dispose();
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "lost");
        }
    }
}
