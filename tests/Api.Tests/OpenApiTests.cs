using System.Runtime.CompilerServices;
using System.Text.Json;
using Holoflow.Api.Tests.Fixture;
using Microsoft.AspNetCore.Routing;

namespace Holoflow.Api.Tests;

/// <summary>The API's description is built from its routes, and kept approved: a change of the API shows in a diff.</summary>
public sealed class OpenApiTests
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_description_is_the_approved_one()
    {
        await using var api = await RunningApi.Start(new ApiOptions { ServeOpenApi = true });
        using var response = await api.Get("/api/openapi.json");
        var actual = JsonSerializer.Serialize(await response.Json(), Indented) + "\n";
        var approved = Path.Combine(Folder(), "openapi.approved.json");
        if (File.Exists(approved) && File.ReadAllText(approved) == actual)
            return;
        await File.WriteAllTextAsync(Path.Combine(Folder(), "openapi.received.json"), actual, TestContext.Current.CancellationToken);
        Assert.Fail($"{Path.GetFullPath(approved)} is not what the API serves; see openapi.received.json beside it");
    }

    [Fact]
    public async Task Every_route_is_in_it_with_its_query()
    {
        await using var api = await RunningApi.Start(new ApiOptions { ServeOpenApi = true });
        using var response = await api.Get("/api/openapi.json");
        var paths = (await response.Json()).GetProperty("paths");
        foreach (var route in api.Host.Routes.Where(r => r.Metadata.GetMetadata<ApiRoute>() is not null))
        {
            var path = route.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal);
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single().ToLowerInvariant();
            var operation = paths.GetProperty(path).GetProperty(method);
            var names = operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString()).ToList() : [];
            Assert.All(route.RoutePattern.Parameters, p => Assert.Contains(p.Name, names));
            Assert.All(route.Metadata.GetMetadata<ApiRoute>()!.Query, q => Assert.Contains(q.Name, names));
        }
    }

    static string Folder([CallerFilePath] string caller = "") => Path.GetDirectoryName(caller)!;
}
