using Holoflow.Api.Edge;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Requests;

/// <summary>Ids and names in paths. An id is a UUID or nothing: it is never joined into a path or a statement.</summary>
static class Ids
{
    public static bool TryRead(string text, out Guid id) => Guid.TryParseExact(text, "D", out id) || Guid.TryParseExact(text, "N", out id);

    /// <exception cref="RefusedException">It is no id.</exception>
    public static Guid FromPath(HttpContext http, string name = "id")
    {
        var text = (string)http.Request.RouteValues[name]!;
        return TryRead(text, out var id) ? id : throw RefusedException.BadField(name, $"'{Shown(text)}' is no id: an id is a UUID, such as 0198c0de-0000-7000-8000-000000000000");
    }

    /// <summary>The id in the path; null: the path has none but names.</summary>
    /// <exception cref="RefusedException">It is no id.</exception>
    public static Guid? TryFromPath(HttpContext http) => http.Request.RouteValues.ContainsKey("id") ? FromPath(http) : null;

    /// <summary>A name in the path. No name holds a slash, so that an escaped one finds nothing.</summary>
    public static string NameFromPath(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>A text of the caller, short enough for a message.</summary>
    public static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
