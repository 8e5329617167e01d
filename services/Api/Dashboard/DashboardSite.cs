using System.Text;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Dashboard;

/// <summary>
/// Serves the dashboard's files: those that were there when the first was asked for, by name and nothing else. Every path that is neither
/// a file nor the API's is one of the page's own.
/// </summary>
sealed class DashboardSite(string directory)
{
    const string Page = "index.html";

    /// <summary>Only what this server serves is taken, run and shown; pages of others cannot hold this one in a frame.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types holoflow-worker";

    static readonly string[] OthersPaths = ["/api", "/healthz", "/readyz", "/metrics"];

    readonly Lazy<IReadOnlyDictionary<string, DashboardFile>> _files = new(() => DashboardFile.AllIn(directory));

    public Task Invoke(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path;
        if (!(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) || OthersPaths.Any(other => path.StartsWithSegments(other, StringComparison.Ordinal)))
            return next(http);
        var name = path.Value!.TrimStart('/');
        if (_files.Value.GetValueOrDefault(name) is { } file && name != Page)
            return Serve(http, file, name.StartsWith("assets/", StringComparison.Ordinal));
        // A name with an extension where files lie is a file's, and that one is not there (a deployment's name may hold a dot); programs ask for no page.
        if (name.Length > 0 && (IsWhereFilesLie(name) || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)))
            return next(http);
        return _files.Value.GetValueOrDefault(Page) is { } page ? Serve(http, page, isForever: false) : SayHowToBuild(http);
    }

    static bool IsWhereFilesLie(string name) =>
        Path.GetExtension(name).Length > 0 && (!name.Contains('/', StringComparison.Ordinal) || name.StartsWith("assets/", StringComparison.Ordinal));

    static async Task Serve(HttpContext http, DashboardFile file, bool isForever)
    {
        var (request, headers) = (http.Request, http.Response.Headers);
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Names of assets hold a hash of what is in them.
        headers.CacheControl = isForever ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = file.Tag;
        headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch == file.Tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (path, encoding) = file.For(request.Headers.AcceptEncoding);
        headers.ContentType = file.ContentType;
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        headers.ContentLength = new FileInfo(path).Length;
        if (HttpMethods.IsGet(request.Method))
            await http.Response.SendFileAsync(path, http.RequestAborted);
    }

    async Task SayHowToBuild(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.Body.WriteAsync(
            Encoding.UTF8.GetBytes($"""
                This server has no dashboard: there is none in {directory}.
                In the sources, 'services/Dashboard/build' (it needs Node.js and npm) builds it; then build and start the server again.
                The API answers under /api.

                """),
            http.RequestAborted);
    }
}
