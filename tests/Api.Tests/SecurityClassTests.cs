using System.Net;
using System.Net.Sockets;
using System.Text;
using Holoflow.Api.Access;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.Tokens;
using Microsoft.AspNetCore.Routing;

namespace Holoflow.Api.Tests;

/// <summary>Classes of holes that workflow systems had, each held shut on every route.</summary>
public sealed class SecurityClassTests
{
    const int TenMegabytes = 10 * 1024 * 1024;

    static readonly string[] Injections =
    [
        "'", "''", "\"", "' OR '1'='1", "' OR 1=1--", "1; DROP TABLE flow_runs;--", "'; DELETE FROM flow_runs; --", "' UNION SELECT hash, name, scope, 1 FROM api_tokens --", "\\", "\\'", "%", "_", "%' --", "$1", "$$; SELECT 1; $$",
        "/*", "*/ OR 1=1 /*", "x' AND sleep(5)--", "') OR ('a'='a", "NULL", "0x41", "｀", "ʼ OR 1=1", "[1]", "{\"a\":1}", "a\"b'c`d", "-1", "9223372036854775808", "1e400", "true", "0198c0de-0000-7000-8000-000000000000' OR '1'='1",
    ];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_filter_is_ever_read_as_SQL()
    {
        await using var guarded = await GuardedApi.Start();
        for (var i = 0; i < 3; i++)
            _ = await PlayedRun.Submit(guarded.Api);
        foreach (var route in Routes(guarded.Api).Where(r => r.Method == "GET" && r.Route.ContentType == "application/json"))
        {
            foreach (var parameter in route.Route.Query)
            {
                foreach (var value in Injections)
                {
                    using var response = await guarded.Send("GET", $"{route.Path}?{parameter.Name}={Uri.EscapeDataString(value)}", guarded.AdminToken);
                    var text = await response.Content.ReadAsStringAsync(Cancellation);
                    Assert.True((int)response.StatusCode < 500, $"{route.Path} {parameter.Name}={value}: {response.StatusCode} {text}");
                    Assert.DoesNotContain(ApiTokenText.HashOf(guarded.AdminToken), text, StringComparison.Ordinal);
                }
            }
        }

        foreach (var value in Injections.Where(i => i.Contains(" OR ", StringComparison.Ordinal)))
        {
            foreach (var filter in (string[])["text", "flow", "tag", "name", "queue"])
            {
                using var response = await guarded.Send("GET", $"/api/flow-runs?{filter}={Uri.EscapeDataString(value)}", guarded.AdminToken);
                if (response.IsSuccessStatusCode)
                    Assert.Empty((await response.Json()).GetProperty("items").EnumerateArray());
            }
        }

        using var all = await guarded.Send("GET", "/api/flow-runs", guarded.AdminToken);
        Assert.Equal(3, (await all.Json()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_body_of_10_MB_is_refused_on_every_route_that_takes_one_and_read_by_none_without_a_token()
    {
        await using var guarded = await GuardedApi.Start();
        var body = Encoding.ASCII.GetBytes($$"""{"name":"{{new string('x', TenMegabytes)}}"}""");
        foreach (var route in Routes(guarded.Api).Where(r => r.Method is "POST" or "PUT" or "PATCH" && r.Route.Request is not null))
        {
            using var refused = await Send(guarded, route, body, guarded.AdminToken);
            Assert.Equal(["body"], await refused.WrongFields(HttpStatusCode.RequestEntityTooLarge));
            using var turnedAway = await Send(guarded, route, body, null);
            _ = await turnedAway.Problem(HttpStatusCode.Unauthorized);
        }

        using var alive = await guarded.Send("GET", "/api/flow-runs", guarded.AdminToken);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Theory]
    [InlineData("GET /api/flow-runs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A\0B: 1\r\n\r\n")]
    [InlineData("GET /api/flow-runs HTTP/1.1\r\nHost: 127.0.0.1\r\nBad Name: 1\r\n\r\n")]
    [InlineData("GET /api/flow-runs HTTP/1.1\r\nHost: 127.0.0.1\r\n: nameless\r\n\r\n")]
    [InlineData("GET /api/flow-runs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization : Bearer {0}\r\n\r\n")]
    [InlineData("GET /api/flow-runs HTTP/1.1\r\nHost: 127.0.0.1\r\nX:\r\n Authorization: Bearer {0}\r\n\r\n")]
    [InlineData("GET /api/flow-runs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {0}\r\nAuthorization: Bearer x\r\n\r\n")]
    [InlineData("GET /api/flow-runs HTTP/1.1\r\nHost: a\r\nHost: b\r\nAuthorization: Bearer {0}\r\n\r\n")]
    [InlineData("POST /api/tokens HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}")]
    [InlineData("POST /api/tokens HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData("GET /api/flow-runs\r\nHost: 127.0.0.1\r\n\r\n")]
    [InlineData("GET http://evil.example/api/flow-runs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {0}\r\n\r\n")]
    public async Task A_hostile_head_is_refused_and_the_server_goes_on(string head)
    {
        await using var guarded = await GuardedApi.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(guarded.Api.Host.Address.Host, guarded.Api.Host.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Replace("{0}", guarded.AdminToken, StringComparison.Ordinal)), Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        Assert.Matches("^HTTP/1.1 4(00|01|21) ", await reader.ReadLineAsync(Cancellation));
        using var alive = await guarded.Send("GET", "/api/flow-runs", guarded.AdminToken);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task A_planted_token_is_in_no_log_line_and_on_no_page()
    {
        var log = new CapturedLog();
        await using var api = await RunningApi.Start();
        var file = Path.Combine(api.Folder, "admin");
        await using var host = new ApiHost(new ApiServices(api.Bus, api.Database, TimeProvider.System, log), new ApiOptions { Port = 0, RequireTokens = true, AdminTokenFile = file, ServeOpenApi = true });
        await host.StartAsync(Cancellation);
        var admin = (await File.ReadAllTextAsync(file, Cancellation)).Trim();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.Address };
        var secrets = new[] { admin, ApiTokenText.New(), ApiTokenText.New() };
        foreach (var route in host.Routes)
        {
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            if (route.Metadata.GetMetadata<ApiRoute>() is { ContentType: "text/event-stream" or "application/x-ndjson" })
                continue;
            foreach (var secret in secrets)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), RoutePaths.Fill(route.RoutePattern));
                request.Headers.Authorization = new("Bearer", secret);
                if (method is not ("GET" or "DELETE"))
                    request.Content = new StringContent("{", Encoding.UTF8, "application/json");
                using var response = await http.SendAsync(request, Cancellation);
                var page = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.All(secrets, s => Assert.DoesNotContain(s, page + response.Headers, StringComparison.Ordinal));
            }
        }

        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, line => Assert.All(secrets, s => Assert.DoesNotContain(s, line, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_error_tells_no_types_and_no_places_of_the_program()
    {
        await using var guarded = await GuardedApi.Start();
        var messages = new[] { "claim-run", "report-run", "report-tasks", "log-chunk", "renew-leases" }.Select(m => (Method: "POST", Path: $"/api/bus/requests/{m}", Route: new ApiRoute("")));
        foreach (var route in Routes(guarded.Api).Where(r => r.Method is "POST" or "PUT" or "PATCH").Concat(messages))
        {
            foreach (var json in (string[])["{", "[]", "null", "1", """{"$type":"System.IO.FileInfo, System.Runtime","name":1}""", """{"name":{"$ref":"#"}}""", new string('[', 5000), """{"name":"\ud800"}"""])
            {
                // An object with none of its members is a message, which its handler answers.
                if (route.Path.StartsWith("/api/bus/requests/", StringComparison.Ordinal) && json.StartsWith("{\"", StringComparison.Ordinal))
                    continue;
                using var response = await Send(guarded, route, Encoding.UTF8.GetBytes(json), guarded.AdminToken);
                var text = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.True((int)response.StatusCode is >= 200 and < 500, $"{route.Method} {route.Path} {json}: {response.StatusCode} {text}");
                Assert.DoesNotContain("Holoflow.", text, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
                Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(TokenScope.Read)]
    [InlineData(TokenScope.Run)]
    [InlineData(TokenScope.Agent)]
    public async Task A_token_gives_nobody_a_higher_one(TokenScope scope)
    {
        await using var guarded = await GuardedApi.Start();
        var token = (await guarded.Token(scope)).Token;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tokens") { Content = new StringContent("""{"name":"mine","scope":"Admin"}""", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", token);
        using var refused = await guarded.Api.Http.SendAsync(request, Cancellation);
        _ = await refused.Problem(HttpStatusCode.Forbidden);
        using var list = await guarded.Send("GET", "/api/tokens", token);
        _ = await list.Problem(HttpStatusCode.Forbidden);
    }

    static IEnumerable<(string Method, string Path, ApiRoute Route)> Routes(RunningApi api) => api.Host.Routes
        .Where(r => r.Metadata.GetMetadata<ApiRoute>() is not null)
        .Select(r => (r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single(), RoutePaths.Fill(r.RoutePattern), r.Metadata.GetMetadata<ApiRoute>()!));

    static async Task<HttpResponseMessage> Send(GuardedApi guarded, (string Method, string Path, ApiRoute Route) route, byte[] body, string? token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await guarded.Api.Http.SendAsync(request, Cancellation);
    }
}
