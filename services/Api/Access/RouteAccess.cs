using Holoflow.ApiModel.Tokens;

namespace Holoflow.Api.Access;

/// <summary>Who may call a route.</summary>
/// <param name="Scope">The least scope of the caller's API token; null: nobody is asked for one.</param>
sealed record RouteAccess(TokenScope? Scope)
{
    /// <summary>For anyone: it tells nothing and changes nothing.</summary>
    public static RouteAccess Open { get; } = new((TokenScope?)null);

    public static RouteAccess Of(TokenScope scope) => new(scope);

    /// <summary>Where a route says nothing: reading needs a token that may read, anything else the highest.</summary>
    public static RouteAccess OfMethod(string method) => Of(HttpMethodsRead(method) ? TokenScope.Read : TokenScope.Admin);

    static bool HttpMethodsRead(string method) => method == "GET";
}
