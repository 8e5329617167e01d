using System.Globalization;
using Holoflow.Persistence;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.TaskRuns;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Requests;

/// <summary>Sort keys of the lists as texts within cursors.</summary>
static class PageCursors
{
    /// <summary>What a cursor of this request is bound to: its path and all of its query but the paging.</summary>
    public static string ListOf(HttpRequest request) => string.Join(
        '\n',
        request.Query.Where(q => q.Key is not ("cursor" or "limit")).OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{q.Key}={q.Value}").Prepend(request.Path.Value ?? ""));

    public static string Write(FlowRunKey key) => string.Create(CultureInfo.InvariantCulture, $"{Microseconds.Of(key.CreatedAt)} {key.Id:N}");

    public static string Write(TaskRunKey key) => string.Create(CultureInfo.InvariantCulture, $"{key.CreatedSequence} {key.Id:N}");

    public static FlowRunKey? RunKey(string? text) => Read(text) is var (number, id) ? new FlowRunKey(Microseconds.ToInstant(number), id) : null;

    public static TaskRunKey? TaskKey(string? text) => Read(text) is var (number, id) ? new TaskRunKey(number, id) : null;

    public static (string Flow, string Name)? Names(string? text) => text?.Split('/') is [var flow, var name] ? (flow, name) : null;

    // A cursor that carries the list's tag and was not written here is somebody's play: it starts anywhere.
    static (long Number, Guid Id)? Read(string? text) =>
        text?.Split(' ') is [var number, var id]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        && key < Microseconds.Of(DateTimeOffset.MaxValue)
        && Guid.TryParseExact(id, "N", out var guid)
            ? (key, guid)
            : null;
}
