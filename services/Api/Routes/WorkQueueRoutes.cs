using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.Api.Writes;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.WorkQueues;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.ReadModel.Agents;
using Holoflow.ReadModel.Definitions;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Work queues.</summary>
sealed class WorkQueueRoutes(Database database, StateCommands commands, TimeProvider time)
{
    readonly WorkQueueLists _lists = new(database);
    readonly AgentLists _agents = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/work-queues", new ApiRoute("Lists work queues by priority and name", typeof(IReadOnlyList<WorkQueueRow>)), List);
        routes.Post("/api/work-queues", new ApiRoute<CreateWorkQueue>("Creates a work queue", ApiJson.Default.CreateWorkQueue, typeof(CommandResult)), Create);
        routes.Get("/api/work-queues/{name}", new ApiRoute("A work queue", typeof(WorkQueueRow)), Get);
        routes.Patch("/api/work-queues/{name}", new ApiRoute<ChangeWorkQueue>("Changes a work queue", ApiJson.Default.ChangeWorkQueue, typeof(CommandResult)), Change);
        routes.Delete("/api/work-queues/{name}", new ApiRoute("Removes a work queue that nothing uses", typeof(CommandResult)), http => commands.Send(new DeleteQueue(Ids.NameFromPath(http, "name"))));
        routes.Post("/api/work-queues/{name}/pause", new ApiRoute<RunCommand>("Pauses a work queue: its runs wait", ApiJson.Default.RunCommand, typeof(CommandResult)), call => SetPaused(call.Http, true));
        routes.Post("/api/work-queues/{name}/resume", new ApiRoute<RunCommand>("Resumes a work queue", ApiJson.Default.RunCommand, typeof(CommandResult)), call => SetPaused(call.Http, false));
        routes.Get(
            "/api/work-queues/{name}/preview",
            new ApiRoute("The runs that a work queue hands out next", typeof(WorkQueuePreview)) { Query = [new("limit", "1 to 200", QueryType.Number)] },
            Preview);
    }

    async Task List(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var now = time.GetUtcNow();
        var queues = await _lists.All(now, http.RequestAborted);
        var agents = await AgentsByQueue(now, http.RequestAborted);
        await Answers.Json(http, [.. queues.Select(q => q.ToRow(agents.GetValueOrDefault(q.Queue.Name)))], ApiJson.Default.IReadOnlyListWorkQueueRow);
    }

    async Task Get(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        await Answers.Json(http, await Find(http), ApiJson.Default.WorkQueueRow);
    }

    async Task<RecordedAnswer> Create(Call<CreateWorkQueue> call)
    {
        var body = call.Body;
        var errors = new FieldErrors();
        NameRules.CheckName(errors, "name", body.Name);
        Check(errors, body.Description, body.ConcurrencyLimit);
        errors.ThrowIfAny();
        if (await _lists.Find(body.Name, time.GetUtcNow(), call.Http.RequestAborted) is not null)
            throw RefusedException.BadField("name", $"'{Ids.Shown(body.Name)}' is taken by a work queue that exists already", 409);
        return await commands.Send(
            new DefineQueue(body.Name)
            {
                Description = body.Description,
                Paused = body.Paused,
                ConcurrencyLimit = body.ConcurrencyLimit,
                Priority = body.Priority,
                CreateOnly = true,
            },
            _ => true);
    }

    async Task<RecordedAnswer> Change(Call<ChangeWorkQueue> call)
    {
        var body = call.Body;
        var errors = new FieldErrors();
        Check(errors, body.Description, body.ConcurrencyLimit);
        if (body is { ClearConcurrencyLimit: true, ConcurrencyLimit: not null })
            errors.Add("clearConcurrencyLimit", "goes not together with 'concurrencyLimit': give one of them");
        errors.ThrowIfAny();
        var queue = await Find(call.Http);
        return await commands.Send(new DefineQueue(queue.Name)
        {
            Description = body.Description,
            Paused = body.Paused,
            ConcurrencyLimit = body.ConcurrencyLimit,
            ClearConcurrencyLimit = body.ClearConcurrencyLimit,
            Priority = body.Priority,
        });
    }

    async Task<RecordedAnswer> SetPaused(HttpContext http, bool paused)
    {
        var queue = await Find(http);
        return await commands.Send(new DefineQueue(queue.Name) { Paused = paused });
    }

    async Task Preview(HttpContext http)
    {
        var query = new QueryReader(http);
        var limit = query.Number("limit", 1, 200, 20);
        query.Errors.ThrowIfAny();
        var queue = await Find(http);
        var runs = await _lists.Waiting(queue.Name, time.GetUtcNow(), limit, http.RequestAborted);
        await Answers.Json(http, new WorkQueuePreview(queue, [.. runs.Select(r => r.ToRow())], Blocked(queue)), ApiJson.Default.WorkQueuePreview);
    }

    static string? Blocked(WorkQueueRow queue) => queue switch
    {
        { Paused: true } => "the queue is paused",
        { ConcurrencyLimit: { } limit } when queue.Active >= limit => $"{queue.Active} runs are active; the limit is {limit}",
        { Agents: 0 } => "no agent on line takes runs of this queue",
        _ => null,
    };

    static void Check(FieldErrors errors, string? description, int? concurrencyLimit)
    {
        NameRules.CheckText(errors, "description", description);
        if (concurrencyLimit < 1)
            errors.Add("concurrencyLimit", "must be 1 or more; to hold a queue back, pause it");
    }

    async Task<WorkQueueRow> Find(HttpContext http)
    {
        var (name, now) = (Ids.NameFromPath(http, "name"), time.GetUtcNow());
        var queue = await _lists.Find(name, now, http.RequestAborted) ?? throw RefusedException.NotFound($"there is no work queue '{Ids.Shown(name)}'");
        return queue.ToRow((await AgentsByQueue(now, http.RequestAborted)).GetValueOrDefault(name));
    }

    async Task<Dictionary<string, int>> AgentsByQueue(DateTimeOffset now, CancellationToken cancellation) =>
        (await _agents.All(cancellation)).Where(a => a.IsOnline(now)).SelectMany(a => Json.Tags(a.Agent.Queues)).CountBy(q => q, StringComparer.Ordinal)
            .ToDictionary(q => q.Key, q => q.Value, StringComparer.Ordinal);
}
