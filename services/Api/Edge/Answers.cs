using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.ApiModel;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Edge;

/// <summary>Writes answers.</summary>
static class Answers
{
    public static Task Json<T>(HttpContext http, T value, JsonTypeInfo<T> json, int status = 200)
    {
        if (http.Features.Get<AnswerRecord>() is { } record)
        {
            record.Answer = RecordedAnswer.Of(value, json, status);
            return Task.CompletedTask;
        }

        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(value, json, "application/json; charset=utf-8", http.RequestAborted);
    }

    /// <summary>An answer that is there already.</summary>
    public static Task Known(HttpContext http, RecordedAnswer answer)
    {
        if (http.Features.Get<AnswerRecord>() is not { } record)
            return Recorded(http, answer);
        record.Answer = answer;
        return Task.CompletedTask;
    }

    public static Task Problem(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        if (problem.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"holoflow\"";
        return http.Response.WriteAsJsonAsync(problem, ApiJson.Default.Problem, "application/problem+json", http.RequestAborted);
    }

    /// <summary>An answer that was given before, byte for byte.</summary>
    public static async Task Recorded(HttpContext http, RecordedAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        if (answer.Location is not null)
            http.Response.Headers.Location = answer.Location;
        if (answer.Status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }
}

/// <summary>The answer to a request that changes something.</summary>
sealed record RecordedAnswer(int Status, string ContentType, byte[] Body, string? Location = null)
{
    public static RecordedAnswer Of<T>(T value, JsonTypeInfo<T> json, int status = 200, string? location = null) =>
        new(status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(value, json), location);

    public static RecordedAnswer Of(Problem problem) =>
        new(problem.Status, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.Problem));

    /// <summary>True where a repeat of the request gets this answer again; else the repeat is carried out.</summary>
    public bool IsFinal => Status is >= 200 and < 500 and not 202;
}
