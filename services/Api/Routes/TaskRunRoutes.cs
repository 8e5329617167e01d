using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.TaskRuns;
using Holoflow.Persistence;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.TaskRuns;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Task runs, of one flow run or of all.</summary>
sealed class TaskRunRoutes(Database database)
{
    static readonly QueryParameter[] Conditions =
    [
        new("state", "A state type or name: Running, Cached, TimedOut…", Repeats: true),
        new("task", "A task's name", Repeats: true),
        new("tag", "A tag; all that are given must be there", Repeats: true),
        new("text", "A part of the task run's name"),
        new("limit", "Rows a page, 1 to 1000", QueryType.Number),
        new("cursor", "Where to go on: 'next' of the page before"),
    ];

    readonly TaskRunLists _lists = new(database);
    readonly FlowRunDetails _runs = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/task-runs", new ApiRoute("Lists task runs: of a flow run in order of submission, of all the newest first", typeof(Page<TaskRunRow>)) { Query = [new("flowRun", "The flow run", QueryType.Id), .. Conditions] }, List);
        routes.Get("/api/task-runs/{id}", new ApiRoute("All of a task run", typeof(TaskRunDetail)), Get);
        routes.Get("/api/flow-runs/{id}/task-runs", new ApiRoute("Lists a flow run's task runs in order of submission", typeof(Page<TaskRunRow>)) { Query = Conditions }, ListOfRun);
    }

    Task List(HttpContext http)
    {
        var query = new QueryReader(http);
        return List(http, query, query.Id("flowRun"));
    }

    async Task ListOfRun(HttpContext http)
    {
        var query = new QueryReader(http);
        query.Errors.ThrowIfAny();
        var id = Ids.FromPath(http);
        _ = await _runs.Find(id, http.RequestAborted) ?? throw FlowRunReadRoutes.NoRun(id);
        await List(http, query, id);
    }

    async Task List(HttpContext http, QueryReader query, Guid? runId)
    {
        var conditions = new TaskRunQuery
        {
            RunId = runId,
            States = [.. query.Texts("state").Select(text => StateNames.ReadOfTask(query.Errors, text)).OfType<StateCondition>()],
            TaskNames = query.Texts("task"),
            Tags = query.Texts("tag", 20),
            Text = query.Text("text"),
        };
        var limit = query.Number("limit", 1, 1000, 200);
        var cursor = query.Text("cursor", 1000);
        query.Errors.ThrowIfAny();
        var list = PageCursors.ListOf(http.Request);
        var page = await _lists.Page(conditions, PageCursors.TaskKey(Cursor.Read(list, cursor)), limit, http.RequestAborted);
        var next = page.Next is { } key ? Cursor.Write(list, PageCursors.Write(key)) : null;
        await Answers.Json(http, new Page<TaskRunRow>([.. page.Rows.Select(t => t.ToRow())], next), ApiJson.Default.PageTaskRunRow);
    }

    async Task Get(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var id = Ids.FromPath(http);
        var (task, run, inputs) = await _lists.Find(id, http.RequestAborted) ?? throw RefusedException.NotFound($"there is no task run with the id {id}");
        await Answers.Json(http, task.ToDetail(run, inputs.Select(i => new TaskInput(i.From, i.Name))), ApiJson.Default.TaskRunDetail);
    }
}
