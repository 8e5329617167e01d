using Holoflow.Api.Edge;
using Holoflow.Api.Following;
using Holoflow.Api.Mapping;
using Holoflow.Api.Reads;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Persistence;
using Holoflow.ReadModel.Definitions;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.TaskRuns;
using Microsoft.AspNetCore.Http;
using Stored = Holoflow.Persistence.Model;

namespace Holoflow.Api.Routes;

/// <summary>Flow runs: lists, counts, and what one run is, was and does.</summary>
sealed class FlowRunReadRoutes(Database database)
{
    const int MostNodes = 2000;

    const long MostKnownBytes = 32 << 20;

    readonly FlowRunLists _lists = new(database);
    readonly FlowRunDetails _details = new(database);
    readonly TaskGraph _graph = new(database);
    readonly TaskTimelines _timelines = new(database);
    readonly KnownAnswers _known = new(MostKnownBytes);
    readonly RunQueryReader _query = new(new DeploymentLists(database));

    static readonly QueryParameter[] Paging =
    [
        new("sort", "Newest or Oldest: by when they were created"),
        new("limit", "Rows a page, 1 to 200", QueryType.Number),
        new("cursor", "Where to go on: 'next' of the page before"),
    ];

    public void Map(RouteTable routes)
    {
        routes.Get("/api/flow-runs", new ApiRoute("Lists flow runs; a page may be short and there still be a next one", typeof(Page<FlowRunRow>)) { Query = [.. RunQueryReader.Conditions, .. Paging] }, List);
        routes.Get("/api/flow-runs/counts", new ApiRoute("Counts flow runs by state type", typeof(FlowRunCounts)) { Query = RunQueryReader.Conditions }, Count);
        routes.Get("/api/flow-runs/{id}", new ApiRoute("All of a flow run", typeof(FlowRunDetail)), Get);
        routes.Get("/api/flow-runs/{id}/history", new ApiRoute("The states a flow run was in", typeof(IReadOnlyList<RunHistoryEntry>)), History);
        routes.Get("/api/flow-runs/{id}/progress", new ApiRoute("How far a flow run is", typeof(RunProgress)), Progress);
        routes.Get("/api/flow-runs/{id}/timeline", new ApiRoute("All task runs with their times, in few bytes", typeof(TaskTimeline)), Timeline);
        routes.Get("/api/flow-runs/{id}/graph", new ApiRoute("The task graph, by task or by task run", typeof(RunGraph)) { Query = [new("detail", "Tasks or TaskRuns")] }, Graph);
    }

    async Task List(HttpContext http)
    {
        var query = new QueryReader(http);
        var conditions = await _query.Read(query, query.Choice("sort", FlowRunSort.Newest), http.RequestAborted);
        var limit = query.Number("limit", 1, 200, 50);
        var cursor = query.Text("cursor", 1000);
        query.Errors.ThrowIfAny();
        var list = PageCursors.ListOf(http.Request);
        var page = await _lists.Page(conditions, PageCursors.RunKey(Cursor.Read(list, cursor)), limit, http.RequestAborted);
        var next = page.Next is { } key ? Cursor.Write(list, PageCursors.Write(key)) : null;
        await Answers.Json(http, new Page<FlowRunRow>([.. page.Rows.Select(r => r.ToRow())], next), ApiJson.Default.PageFlowRunRow);
    }

    async Task Count(HttpContext http)
    {
        var query = new QueryReader(http);
        var conditions = await _query.Read(query, FlowRunSort.Newest, http.RequestAborted);
        query.Errors.ThrowIfAny();
        var counts = await _lists.Count(conditions, http.RequestAborted);
        await Answers.Json(http, new FlowRunCounts(counts, counts.Values.Sum()), ApiJson.Default.FlowRunCounts);
    }

    async Task Get(HttpContext http)
    {
        var run = await Require(http);
        await Known(http, run, async id =>
        {
            var (content, counts) = await _details.Contents(id, http.RequestAborted);
            return RecordedAnswer.Of(run.ToDetail(content, counts), ApiJson.Default.FlowRunDetail);
        });
    }

    async Task History(HttpContext http)
    {
        var run = await Require(http);
        var history = await _details.History(run.Id, http.RequestAborted);
        await Answers.Json(http, [.. history.Select(h => h.ToEntry())], ApiJson.Default.IReadOnlyListRunHistoryEntry);
    }

    async Task Progress(HttpContext http)
    {
        var run = await Require(http);
        var (flow, tasks) = await _details.Progress(run.Id, http.RequestAborted);
        var total = tasks.Sum(t => t.States.Values.Sum());
        var ended = tasks.Sum(t => t.States.Where(s => s.Key is "Completed" or "Failed" or "Crashed" or "Cancelled").Sum(s => s.Value));
        var progress = new RunProgress(
            flow?.ToProgress(),
            [.. tasks.Select(t => new TaskProgress(t.TaskName, t.States))],
            flow?.Fraction ?? (total == 0 ? null : (double)ended / total));
        await Answers.Json(http, progress, ApiJson.Default.RunProgress);
    }

    async Task Timeline(HttpContext http)
    {
        await Known(http, await Require(http), async id =>
        {
            var (position, tasks, truncated) = await _timelines.Read(id, http.RequestAborted) ?? throw NoRun(id);
            return RecordedAnswer.Of(TimelineMapping.ToTimeline(tasks, RunFollower.IdOf(position), truncated), ApiJson.Default.TaskTimeline);
        });
    }

    async Task Graph(HttpContext http)
    {
        var query = new QueryReader(http);
        var detail = query.Choice("detail", GraphDetail.Tasks);
        query.Errors.ThrowIfAny();
        await Known(http, await Find(http), async id =>
            RecordedAnswer.Of(detail == GraphDetail.Tasks ? await ByTask(id, http.RequestAborted) : await ByTaskRun(id, http.RequestAborted), ApiJson.Default.RunGraph));
    }

    /// <summary>An answer about a run with its tasks: that of a run that has ended is the same until it is retried.</summary>
    async Task Known(HttpContext http, Stored.FlowRunRow run, Func<Guid, Task<RecordedAnswer>> read)
    {
        if (!run.ToRow().State.IsFinal())
        {
            await Answers.Known(http, await read(run.Id));
            return;
        }

        var (address, position) = (string.Concat(http.Request.Path.Value, http.Request.QueryString.Value), new RunPosition(run.Version, run.EventsThrough));
        if (_known.Find(address, position) is not { } answer)
        {
            answer = await read(run.Id);
            _known.Keep(address, position, answer);
        }

        await Answers.Known(http, answer);
    }

    async Task<RunGraph> ByTask(Guid id, CancellationToken cancellation)
    {
        var (_, tasks) = await _details.Progress(id, cancellation);
        var edges = await _graph.ByName(id, cancellation);
        return new RunGraph(
            GraphDetail.Tasks,
            [.. tasks.Select(t => new GraphNode(t.TaskName, t.TaskName, t.TaskName, t.States))],
            [.. edges.Select(e => new GraphEdge(e.From, e.To, e.Count))],
            Truncated: false);
    }

    async Task<RunGraph> ByTaskRun(Guid id, CancellationToken cancellation)
    {
        var (tasks, edges) = await _graph.ByTaskRun(id, MostNodes, cancellation);
        return new RunGraph(
            GraphDetail.TaskRuns,
            [.. tasks.Take(MostNodes).Select(t => t.Task).Select(t => new GraphNode(t.Id.ToString(), t.RunName, t.TaskName, new Dictionary<string, int>(StringComparer.Ordinal) { [t.StateType] = 1 }))],
            [.. edges.GroupBy(e => e).Select(e => new GraphEdge(e.Key.From.ToString(), e.Key.To.ToString(), e.Count()))],
            tasks.Count > MostNodes);
    }

    async Task<Stored.FlowRunRow> Require(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        return await Find(http);
    }

    async Task<Stored.FlowRunRow> Find(HttpContext http)
    {
        var id = Ids.FromPath(http);
        return await _details.Find(id, http.RequestAborted) ?? throw NoRun(id);
    }

    internal static RefusedException NoRun(Guid id) => RefusedException.NotFound($"there is no flow run with the id {id}");
}
