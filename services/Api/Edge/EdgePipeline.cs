using System.Data.Common;
using Holoflow.ApiModel;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Edge;

/// <summary>What every request passes: safe headers, the browser guard, and errors turned into problems.</summary>
sealed class EdgePipeline(BrowserGuard guard, ILogger log)
{
    public async Task Invoke(HttpContext http, RequestDelegate next)
    {
        SetHeaders(http.Response.Headers);
        if (guard.Check(http.Request) is { } refused)
        {
            await Answers.Problem(http, refused);
            return;
        }

        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response is { StatusCode: 404 or 405 or 415, ContentType: null })
                await Answers.Problem(http, OfStatus(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (Exception e)
        {
            await Fail(http, e);
        }
    }

    async Task Fail(HttpContext http, Exception e)
    {
        var problem = ProblemOf(e);
        if (problem.Status >= 500)
            Log.RequestFailed(log, e, http.Request.Method, http.Request.Path.Value ?? "", problem.Status);
        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Abort();
            return;
        }

        var headers = http.Response.Headers;
        headers.Clear();
        SetHeaders(headers);
        await Answers.Problem(http, problem);
    }

    /// <summary>What the one who asked is told of a failure; details of a fault stay in the log.</summary>
    internal static Problem ProblemOf(Exception e) => e switch
    {
        RefusedException refused => refused.Problem,
        BadHttpRequestException bad => new Problem { Status = bad.StatusCode, Title = bad.StatusCode == 413 ? "Too large" : "Bad request", Detail = bad.Message },
        TimeoutException => new Problem { Status = 503, Title = "Not available", Detail = "the state store does not answer: try again" },
        MessagingException => new Problem { Status = 503, Title = "Not available", Detail = "the state store could not do it now: try again" },
        DatabaseException { Fault: DatabaseFault.Unreachable or DatabaseFault.Full } or DbException { IsTransient: true } => new Problem { Status = 503, Title = "Not available", Detail = "the database cannot be reached now: try again" },
        _ => new Problem { Status = 500, Title = "Internal error", Detail = "the server failed; its log says why" },
    };

    static Problem OfStatus(HttpContext http) => http.Response.StatusCode switch
    {
        405 => new Problem { Status = 405, Title = "Method not allowed", Detail = $"{http.Request.Method} is not done here: {http.Response.Headers.Allow}" },
        415 => new Problem { Status = 415, Title = "Unsupported media type", Detail = "send application/json" },
        _ => new Problem { Status = 404, Title = "Not found", Detail = $"there is nothing at {http.Request.Path}" },
    };

    static void SetHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
