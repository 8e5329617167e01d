using System.Net;
using Holoflow.Api.Tests.Fixture;

namespace Holoflow.Api.Tests;

/// <summary>How the dashboard's files are served.</summary>
public sealed class DashboardSiteTests : IDisposable
{
    readonly string _dist = Directory.CreateTempSubdirectory("holoflow-dist-").FullName;

    public DashboardSiteTests()
    {
        Directory.CreateDirectory(Path.Combine(_dist, "assets"));
        File.WriteAllText(Path.Combine(_dist, "index.html"), "<!doctype html><title>page</title>");
        File.WriteAllText(Path.Combine(_dist, "assets/main-abc.js"), "plain");
        File.WriteAllText(Path.Combine(_dist, "assets/main-abc.js.br"), "brotli");
        File.WriteAllText(Path.Combine(_dist, "assets/main-abc.js.gz"), "gzip");
        File.WriteAllText(Path.Combine(_dist, "secret.key"), "not the page's");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/runs")]
    [InlineData("/deployments/holography/galaxy/run")]
    [InlineData("/deployments/holography/galaxy-2.1")]
    [InlineData("/runs/..%2f..%2fetc")]
    public async Task Every_address_of_the_page_is_the_page_under_a_strict_policy(string path)
    {
        await using var api = await RunningApi.Start(new ApiOptions { DashboardDirectory = _dist });
        using var response = await api.Get(path, ("Accept", "text/html,*/*"));
        Assert.Equal("<!doctype html><title>page</title>", await Text(response));
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        using var again = await api.Get(path, ("Accept", "text/html"), ("If-None-Match", response.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("br, gzip", "brotli", "br")]
    [InlineData("gzip, deflate", "gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip", "gzip")]
    [InlineData("identity", "plain", null)]
    public async Task A_file_comes_in_the_best_form_that_is_taken_and_is_kept_for_ever(string accepted, string content, string? encoding)
    {
        await using var api = await RunningApi.Start(new ApiOptions { DashboardDirectory = _dist });
        using var response = await api.Get("/assets/main-abc.js", ("Accept-Encoding", accepted));
        Assert.Equal(content, await Text(response));
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/secret.key")]
    [InlineData("/assets/none.js")]
    [InlineData("/assets/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/none")]
    [InlineData("/nothing")]
    public async Task What_is_no_file_of_the_page_is_a_problem_to_programs(string path)
    {
        await using var api = await RunningApi.Start(new ApiOptions { DashboardDirectory = _dist });
        using var response = await api.Get(path, ("Accept", "application/json"));
        _ = await response.Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_server_without_the_page_says_how_to_build_it_and_answers_as_ever()
    {
        await using var api = await RunningApi.Start(new ApiOptions { DashboardDirectory = Path.Combine(_dist, "none") });
        using var page = await api.Get("/");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("services/Dashboard/build", await Text(page), StringComparison.Ordinal);
        using var status = await api.Get("/api/server");
        _ = await status.Json();
    }

    [Fact]
    public async Task A_server_that_asks_for_tokens_gives_the_page_to_all_and_nothing_else()
    {
        await using var api = await RunningApi.Start(new ApiOptions { DashboardDirectory = _dist, RequireTokens = true, AdminTokenFile = Path.Combine(_dist, "admin.token") });
        using var page = await api.Get("/runs", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var read = await api.Get("/api/overview");
        _ = await read.Problem(HttpStatusCode.Unauthorized);
    }

    public void Dispose() => Directory.Delete(_dist, recursive: true);

    static Task<string> Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
