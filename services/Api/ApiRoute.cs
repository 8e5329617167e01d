using System.Text.Json.Serialization.Metadata;
using Holoflow.Api.Access;
using Holoflow.Api.Requests;

namespace Holoflow.Api;

/// <summary>What the API's description says of a route, and what the route's query may hold.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Response">The answer's type; null: it has none of its own.</param>
record ApiRoute(string Summary, Type? Response = null)
{
    public const string JsonType = "application/json";

    /// <summary>The query's parameters; a query with others is refused.</summary>
    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>The answer's media type.</summary>
    public string ContentType { get; init; } = JsonType;

    /// <summary>Who may call it; null: what goes for its method.</summary>
    public RouteAccess? Access { get; init; }

    /// <summary>The body's type.</summary>
    public virtual Type? Request => null;
}

/// <summary>A route with a body.</summary>
sealed record ApiRoute<TRequest>(string Summary, JsonTypeInfo<TRequest> Json, Type? Response = null) : ApiRoute(Summary, Response)
{
    public override Type Request => typeof(TRequest);
}
