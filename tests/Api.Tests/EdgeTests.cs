using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Holoflow.Api.Tests.Fixture;

namespace Holoflow.Api.Tests;

/// <summary>What every route holds to: who may call, what is said when something is wrong, and that nothing listens beyond loopback.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:80", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost.", 421)]
    [InlineData("10.0.0.1", 421)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:9", 200)]
    [InlineData("[::1]:4200", 200)]
    [InlineData("telescope.example", 200)]
    public async Task Only_loopback_and_allowed_host_names_are_answered(string host, int status)
    {
        await using var api = await RunningApi.Start(new ApiOptions { AllowedHosts = ["telescope.example"] });
        using var response = await api.Get("/healthz", ("Host", host));
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "https://127.0.0.1")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Pages_of_others_are_refused_on_every_route(string header, string value)
    {
        await using var api = await RunningApi.Start();
        foreach (var route in api.Host.Routes)
        {
            var method = route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods.Single();
            var path = RoutePaths.Fill(route.RoutePattern);
            using var response = await api.Send(new HttpMethod(method), path, method is "GET" or "DELETE" ? null : "{}", (header, value));
            _ = await response.Problem(HttpStatusCode.Forbidden);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task A_page_of_the_API_itself_and_a_followed_link_are_answered()
    {
        await using var api = await RunningApi.Start();
        using var same = await api.Get("/healthz", ("Origin", api.Host.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        using var link = await api.Get("/healthz", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"));
        Assert.Equal(HttpStatusCode.OK, link.StatusCode);
    }

    [Fact]
    public async Task Nothing_is_changed_by_GET_and_every_route_is_described()
    {
        await using var api = await RunningApi.Start();
        var routes = api.Host.Routes.Select(r => (
            Method: r.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods.Single(),
            Pattern: r.RoutePattern.RawText!,
            Route: r.Metadata.GetMetadata<ApiRoute>()!)).ToList();
        Assert.All(routes, r => Assert.False(string.IsNullOrWhiteSpace(r.Route.Summary)));
        Assert.All(routes.Where(r => r.Method == "GET"), r => Assert.Null(r.Route.Request));
        string[] verbs = ["cancel", "pause", "resume", "retry", "runs", "pause-schedules", "resume-schedules"];
        Assert.All(routes.Where(r => r.Method == "GET"), r => Assert.DoesNotContain(r.Pattern.Split('/')[^1], verbs));
        Assert.Equal(routes.Count, routes.DistinctBy(r => (r.Method, r.Pattern)).Count());
    }

    [Fact]
    public async Task Every_answer_carries_the_safe_headers()
    {
        await using var api = await RunningApi.Start();
        foreach (var path in (string[])["/healthz", "/nothing", "/api/flow-runs", "/api/flow-runs/x"])
        {
            using var response = await api.Get(path);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task It_listens_on_loopback_only()
    {
        await using var api = await RunningApi.Start();
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == api.Host.Address.Port).ToList();
        Assert.NotEmpty(listeners);
        Assert.All(listeners, l => Assert.True(IPAddress.IsLoopback(l.Address), l.ToString()));
    }

    [Fact]
    public async Task A_taken_port_is_told_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var api = await RunningApi.Start();
        var log = new CapturedLog();
        await using var second = new ApiHost(new ApiServices(api.Bus, api.Database, TimeProvider.System, log), new ApiOptions { Port = port });
        var refused = await Assert.ThrowsAsync<ApiStartException>(() => second.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"port {port} of 127.0.0.1 is taken", refused.Message, StringComparison.Ordinal);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task What_is_not_there_and_methods_that_are_not_done_are_problems()
    {
        await using var api = await RunningApi.Start();
        using var nothing = await api.Get("/api/nothing");
        _ = await nothing.Problem(HttpStatusCode.NotFound);
        using var method = await api.Send(HttpMethod.Delete, "/api/flow-runs");
        _ = await method.Problem(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_form_cannot_post()
    {
        await using var api = await RunningApi.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/work-queues") { Content = new StringContent("{\"name\":\"q\"}", Encoding.UTF8, "text/plain") };
        using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        _ = await response.Problem(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Alive_and_ready_are_told_apart()
    {
        await using var api = await RunningApi.Start();
        using var alive = await api.Get("/healthz");
        Assert.Equal("alive\n", await alive.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var ready = await api.Get("/readyz");
        Assert.Equal("ready\n", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True((await api.Client.Server.Status(TestContext.Current.CancellationToken)).Ready);
    }
}
