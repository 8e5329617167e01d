using Microsoft.AspNetCore.Routing.Patterns;

namespace Holoflow.Api.Tests.Fixture;

/// <summary>Makes paths of route patterns.</summary>
static class RoutePaths
{
    /// <summary>A path that the pattern matches: ids for ids, names for names.</summary>
    public static string Fill(RoutePattern pattern, string? value = null) => "/" + string.Join('/', pattern.PathSegments.Select(segment => segment.Parts[0] switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => value ?? (parameter.Name is "id" or "artifactId" ? "0198c0de-0000-7000-8000-000000000000" : "name"),
        var other => throw new NotSupportedException(other.ToString()),
    }));
}
