using System.Net;
using Holoflow.Api.Tests.Fixture;

namespace Holoflow.Api.Tests;

/// <summary>An id is a UUID or nothing; a name is looked up and never joined into anything.</summary>
public sealed class HostileIdTests
{
    static readonly string[] Values =
    [
        "..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd", "%2fetc%2fpasswd", "%252fetc", "..%5c..", "a%00b", "%00", "%c0%ae", "%ff",
        "'%20OR%201=1--", "%3Cscript%3E", "0198c0de-0000-7000-8000-00000000000", "{0198c0de-0000-7000-8000-000000000000}", "0198C0DE%2F..", "%F0%9F%93%A1", new string('a', 3000), "*", "~", "$(id)", "%0d%0aX-A:%20b",
    ];

    [Fact]
    public async Task No_route_takes_a_hostile_id_for_a_path_or_fails()
    {
        await using var api = await RunningApi.Start();
        File.WriteAllText(Path.Combine(api.Folder, "secret.txt"), "the canary");
        foreach (var route in api.Host.Routes.Where(r => r.RoutePattern.Parameters.Count > 0))
        {
            var method = route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods.Single();
            foreach (var value in Values)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{api.Host.Address.GetLeftPart(UriPartial.Authority)}{RoutePaths.Fill(route.RoutePattern, value)}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
                if (method is not ("GET" or "DELETE"))
                    request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
                using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True((int)response.StatusCode is >= 200 and < 500, $"{method} {request.RequestUri}: {response.StatusCode} {text}");
                Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
                if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.BadRequest)
                    Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    [Theory]
    [InlineData("../../secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("link.txt")]
    [InlineData("folder")]
    [InlineData("..")]
    [InlineData("a\0b")]
    [InlineData("nested/plain.txt")]
    public async Task A_file_that_is_no_plain_file_of_its_run_is_not_served(string name)
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        var directory = Directory.CreateDirectory(Path.Combine(api.RunsDirectory, run.Id.ToString(), "artifacts")).FullName;
        File.WriteAllText(Path.Combine(api.Folder, "secret.txt"), "the canary");
        File.CreateSymbolicLink(Path.Combine(directory, "link.txt"), Path.Combine(api.Folder, "secret.txt"));
        Directory.CreateDirectory(Path.Combine(directory, "folder"));
        Directory.CreateDirectory(Path.Combine(directory, "nested"));
        File.WriteAllText(Path.Combine(directory, "nested", "plain.txt"), "the canary");
        Assert.Null(new Artifacts.ArtifactFiles(api.RunsDirectory).Open(run.Id, name));
    }

    [Fact]
    public async Task A_directory_of_artifacts_that_is_a_link_is_followed_nowhere()
    {
        await using var api = await RunningApi.Start();
        var outside = Directory.CreateDirectory(Path.Combine(api.Folder, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "plot.png"), "the canary");
        var id = Guid.CreateVersion7();
        Directory.CreateDirectory(Path.Combine(api.RunsDirectory, id.ToString()));
        Directory.CreateSymbolicLink(Path.Combine(api.RunsDirectory, id.ToString(), "artifacts"), outside);
        Assert.Null(new Artifacts.ArtifactFiles(api.RunsDirectory).Open(id, "plot.png"));
    }

    [Theory]
    [InlineData("plot.png", "image/png")]
    [InlineData("page.html", "application/octet-stream")]
    [InlineData("drawing.svg", "application/octet-stream")]
    [InlineData("Übersicht \"1\";x.txt", "text/plain")]
    public async Task A_file_is_a_download_that_no_browser_runs(string name, string type)
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        var directory = Directory.CreateDirectory(Path.Combine(api.RunsDirectory, run.Id.ToString(), "artifacts")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(directory, name), [1, 2, 3, 0, 255], TestContext.Current.CancellationToken);
        var artifact = await run.Artifact("k", "image", file: name);
        using var response = await api.Get($"/api/flow-runs/{run.Id}/artifacts/{artifact}/file");
        Assert.Equal([1, 2, 3, 0, 255], await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(name, response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Contains("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using var ofAnother = await api.Get($"/api/flow-runs/{Guid.CreateVersion7()}/artifacts/{artifact}/file");
        _ = await ofAnother.Problem(HttpStatusCode.NotFound);
    }
}
