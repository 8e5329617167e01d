using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Reads;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Overview;
using Holoflow.Persistence;
using Holoflow.ReadModel.Overview;
using Holoflow.ReadModel.Scheduling;
using Microsoft.AspNetCore.Http;
using WaitingRun = Holoflow.ApiModel.Overview.WaitingRun;

namespace Holoflow.Api.Routes;

/// <summary>What all runs do, on one page.</summary>
sealed class OverviewRoutes(Database database, TimeProvider time)
{
    const int MostShown = 20;

    const int MostHours = 24 * 31;

    public void Map(RouteTable routes) => routes.Get(
        "/api/overview",
        new ApiRoute("What runs, what waits and why, and what went wrong", typeof(ServerOverview)) { Query = [new("hours", "How many hours back, 1 to 744", QueryType.Number)] },
        Get);

    async Task Get(HttpContext http)
    {
        var query = new QueryReader(http);
        var hours = query.Number("hours", 1, MostHours, 24);
        query.Errors.ThrowIfAny();
        var (now, cancellation) = (time.GetUtcNow(), http.RequestAborted);
        var thisHour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var since = thisHour.AddHours(1 - hours);
        await using var overview = await RunOverview.Open(database, cancellation);
        var unfinished = overview.Unfinished(now);
        var activity = overview.Activity(since);
        var waiting = new List<WaitingRun>();
        foreach (var run in overview.WaitingOrPaused(unfinished, now, MostShown))
        {
            if (overview.WaitFactsOf(run.Id, now) is { } facts)
                waiting.Add(new WaitingRun(run.ToRow(), [.. WaitReasons.Explain(facts, now).Select(reason => WhyRoutes.ToReason(reason, facts))]));
        }

        await Answers.Json(http, new ServerOverview
        {
            At = now,
            Hours = hours,
            Unfinished = unfinished.ByType,
            Late = unfinished.Late,
            Due = unfinished.Due,
            Activity = [.. activity.GroupBy(a => a.Hour).Select(h => new ActivityBucket(h.Key, h.ToDictionary(a => a.StateType, a => a.Runs, StringComparer.Ordinal)))],
            Running = [.. overview.Running(unfinished, MostShown).Select(run => ToRow(run, RunEstimate.Of(run, now)))],
            Waiting = waiting,
            Failed = [.. overview.FailedSince(unfinished, activity, since, MostShown).Select(r => r.ToRow())],
        }, ApiJson.Default.ServerOverview);
    }

    static RunningRun ToRow(HeldRun held, RunEstimate estimate) =>
        new(held.Run.ToRow(), held.Progress?.ToProgress(), held.TasksEnded, held.Tasks, estimate.Fraction, estimate.EndsAt);
}
