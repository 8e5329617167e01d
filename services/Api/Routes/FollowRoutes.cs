using System.Globalization;
using Holoflow.Api.Edge;
using Holoflow.Api.Events;
using Holoflow.Api.Following;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Logs;
using Holoflow.Persistence;
using Holoflow.ReadModel.Following;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Logs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ApiLevel = Holoflow.ApiModel.Logs.LogLevel;

namespace Holoflow.Api.Routes;

/// <summary>A run's log by pages, and the streams that follow a run or its log.</summary>
sealed class FollowRoutes(Database database, RunBells bells, StreamGate gate, TimeProvider time, ApiOptions options, ILogger log)
{
    static readonly QueryParameter[] Conditions =
    [
        new("after", "After this position", QueryType.Number),
        new("level", "At least as grave: Trace, Debug, Information, Warning, Error or Critical"),
        new("taskRun", "Lines of this task run", QueryType.Id),
        new("text", "A part of the line"),
    ];

    readonly FlowRunDetails _runs = new(database);
    readonly LogLines _lines = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/flow-runs/{id}/logs", new ApiRoute("A flow run's log lines by position", typeof(LogPage)) 
        {
            Query = [.. Conditions, new("before", "The last lines before this position", QueryType.Number), new("limit", "Lines a page, 1 to 10000", QueryType.Number)],
        }, Read);
        routes.Get(
            "/api/flow-runs/{id}/logs/follow",
            new ApiRoute("Server-sent events with a flow run's log lines until it has ended; resumes after Last-Event-ID", typeof(RunUpdate)) { Query = Conditions, ContentType = "text/event-stream" },
            FollowLog);
        routes.Get(
            "/api/flow-runs/{id}/follow",
            new ApiRoute("Server-sent events with all that a flow run does until it has ended; resumes after Last-Event-ID", typeof(RunUpdate))
            {
                Query = [new("logs", "false: without log lines", QueryType.Flag)],
                ContentType = "text/event-stream",
            },
            FollowRun);
    }

    async Task Read(HttpContext http)
    {
        var query = new QueryReader(http);
        var conditions = ReadConditions(query);
        var before = query.LongNumber("before", 1, 0);
        var limit = query.Number("limit", 1, 10_000, 1000);
        query.Errors.ThrowIfAny();
        var id = await Require(http);
        var rows = await _lines.Read(id, before == 0 ? conditions : conditions with { Before = before }, limit + 1, http.RequestAborted);
        // The line too many, which tells that there are more, is the one farthest from where the page starts.
        var shown = (before == 0 ? rows.Take(limit) : rows.TakeLast(limit)).Select(l => l.ToRow()).ToList();
        await Answers.Json(http, new LogPage(shown, shown.Count > 0 ? shown[^1].Position : conditions.After, rows.Count > limit), ApiJson.Default.LogPage);
    }

    async Task FollowLog(HttpContext http)
    {
        var query = new QueryReader(http);
        var conditions = ReadConditions(query);
        query.Errors.ThrowIfAny();
        var id = await Require(http);
        if (LastEventId(http) is { } last && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            conditions = conditions with { After = position };
        await gate.Run(http, cancellation => new LogFollower(_runs, _lines, bells, time, options).Follow(WriterFor(http), id, conditions, cancellation));
    }

    async Task FollowRun(HttpContext http)
    {
        var query = new QueryReader(http);
        var logs = query.Flag("logs", true);
        query.Errors.ThrowIfAny();
        var id = await Require(http);
        var position = RunFollower.PositionOf(LastEventId(http));
        var follower = new RunFollower(new RunFollowing(database), bells, time, options);
        await gate.Run(http, cancellation => follower.Follow(WriterFor(http), id, position, logs, cancellation));
    }

    EventStreamWriter WriterFor(HttpContext http) => new(http, time, options, log);

    async Task<Guid> Require(HttpContext http)
    {
        var id = Ids.FromPath(http);
        return await _runs.Find(id, http.RequestAborted) is null ? throw FlowRunReadRoutes.NoRun(id) : id;
    }

    static string? LastEventId(HttpContext http) => http.Request.Headers["Last-Event-ID"] is [{ } id] ? id : null;

    static LogQuery ReadConditions(QueryReader query) => new()
    {
        After = query.LongNumber("after", 0, 0),
        MinimumLevel = (int)query.Choice("level", ApiLevel.Trace),
        TaskId = query.Id("taskRun"),
        Text = query.Text("text"),
    };
}
