using System.Net;
using Holoflow.ApiModel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holoflow.Api.Edge;

/// <summary>
/// Keeps web pages of others from driving an API on loopback: by a host name that they point at 127.0.0.1 (DNS rebinding), by
/// a form or script sent from elsewhere (CSRF). Programs that are no browser send none of these headers.
/// </summary>
/// <param name="allowedHosts">Host names beside the loopback ones; null: any, where a page of others lacks the API token that is asked for.</param>
sealed class BrowserGuard(IReadOnlyList<string>? allowedHosts)
{
    /// <summary>Why the request is not taken; null: it is.</summary>
    public Problem? Check(HttpRequest request)
    {
        if (!IsAllowed(request.Host.Host))
            return Refuse(421, "Misdirected request", $"the API does not answer for the host '{request.Host.Host}': use 127.0.0.1 or localhost, or allow that host");
        if (!IsSameOrigin(request))
            return Refuse(403, "Forbidden", $"requests from pages of '{request.Headers.Origin}' are not taken");
        if (IsFromAnotherSite(request))
            return Refuse(403, "Forbidden", "requests from pages of other sites are not taken");
        return null;
    }

    bool IsAllowed(string host) =>
        allowedHosts is null
        || host is "localhost"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        || allowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    static bool IsSameOrigin(HttpRequest request) =>
        StringValues.IsNullOrEmpty(request.Headers.Origin)
        || string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);

    // A link that somebody follows is a GET navigation, which changes nothing here.
    static bool IsFromAnotherSite(HttpRequest request) =>
        (string?)request.Headers["Sec-Fetch-Site"] is "cross-site" or "same-site"
        && !(HttpMethods.IsGet(request.Method) && (string?)request.Headers["Sec-Fetch-Mode"] == "navigate");

    static Problem Refuse(int status, string title, string detail) => new() { Status = status, Title = title, Detail = detail };
}
