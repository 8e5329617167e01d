using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.Api.Writes;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Schedules;
using Holoflow.ApiModel.Tokens;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.ReadModel.Definitions;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Deployments, found by id or by FLOW/NAME, and their schedules and runs.</summary>
sealed class DeploymentRoutes(Database database, StateCommands commands, RunSubmission submission, TimeProvider time)
{
    const int ShownFireTimes = 3;

    readonly DeploymentLists _lists = new(database);
    readonly ScheduleLists _schedules = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/deployments", new ApiRoute("Lists deployments by flow and name", typeof(Page<DeploymentRow>))
        {
            Query =
            [
                new("flow", "A flow's name", Repeats: true),
                new("tag", "A tag; all that are given must be there", Repeats: true),
                new("queue", "A work queue", Repeats: true),
                new("text", "A part of the flow's or the deployment's name"),
                new("limit", "Rows a page, 1 to 200", QueryType.Number),
                new("cursor", "Where to go on: 'next' of the page before"),
            ],
        }, List);
        routes.Put("/api/deployments/{flow}/{name}", new ApiRoute<DeploymentDefinition>("Creates or replaces a deployment", ApiJson.Default.DeploymentDefinition, typeof(CommandResult)), Define);
        foreach (var path in (string[])["/api/deployments/{id:guid}", "/api/deployments/{flow}/{name}"])
        {
            routes.Get(path, new ApiRoute("All of a deployment", typeof(DeploymentDetail)), Get);
            routes.Delete(path, new ApiRoute("Removes a deployment; its runs stay", typeof(CommandResult)), async http => await commands.Send(new DeleteDeployment(await IdOf(http))));
            routes.Put($"{path}/schedules", new ApiRoute<SetSchedules>("Replaces a deployment's schedules", ApiJson.Default.SetSchedules, typeof(CommandResult)), SetSchedules);
            routes.Post($"{path}/pause-schedules", new ApiRoute<RunCommand>("Switches a deployment's schedules off", ApiJson.Default.RunCommand, typeof(CommandResult)), async call => await commands.Send(new SetSchedulesActive(await IdOf(call.Http), false)));
            routes.Post($"{path}/resume-schedules", new ApiRoute<RunCommand>("Switches a deployment's schedules on", ApiJson.Default.RunCommand, typeof(CommandResult)), async call => await commands.Send(new SetSchedulesActive(await IdOf(call.Http), true)));
            routes.Post($"{path}/runs", new ApiRoute<CreateDeploymentRun>("Asks for a run of a deployment", ApiJson.Default.CreateDeploymentRun, typeof(RunCreated)) { Access = RouteAccess.Of(TokenScope.Run) }, Run);
        }
    }

    async Task List(HttpContext http)
    {
        var query = new QueryReader(http);
        var conditions = new DeploymentQuery { Flows = query.Texts("flow"), Tags = query.Texts("tag", 20), Queues = query.Texts("queue"), Text = query.Text("text") };
        var limit = query.Number("limit", 1, 200, 50);
        var cursor = query.Text("cursor", 2000);
        query.Errors.ThrowIfAny();
        var list = PageCursors.ListOf(http.Request);
        var rows = await _lists.Page(conditions, PageCursors.Names(Cursor.Read(list, cursor)), limit, http.RequestAborted);
        var shown = rows.Take(limit).Select(d => d.ToRow()).ToList();
        var next = rows.Count > limit ? Cursor.Write(list, $"{shown[^1].FlowName}/{shown[^1].Name}") : null;
        await Answers.Json(http, new Page<DeploymentRow>(shown, next), ApiJson.Default.PageDeploymentRow);
    }

    async Task Get(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var found = await Find(http);
        var schedules = await _schedules.Of(found.Deployment.Id, http.RequestAborted);
        await Answers.Json(http, found.ToDetail([.. schedules.Select(s => ScheduleRoutes.ToRow(s, time.GetUtcNow(), ShownFireTimes))]), ApiJson.Default.DeploymentDetail);
    }

    Task<RecordedAnswer> Define(Call<DeploymentDefinition> call)
    {
        var (flow, name, body) = (Ids.NameFromPath(call.Http, "flow"), Ids.NameFromPath(call.Http, "name"), call.Body);
        DeploymentRules.Check(flow, name, body);
        return commands.Send(
            new DefineDeployment
            {
                FlowName = flow,
                Name = name,
                Description = body.Description,
                Program = Json.Program(body.Program),
                ParameterSchema = body.ParameterSchema ?? DeploymentRules.AnyParameters,
                Parameters = body.Parameters ?? Json.EmptyObject,
                Queue = body.Queue ?? "default",
                Tags = body.Tags ?? [],
                Priority = body.Priority,
                Infrastructure = DeploymentRules.InfrastructureOf(body),
                Schedules = body.Schedules is { } schedules ? [.. schedules.Select(s => s.ToDefinition())] : null,
            },
            answered => answered.Version == 1);
    }

    async Task<RecordedAnswer> SetSchedules(Call<SetSchedules> call)
    {
        var found = await Find(call.Http);
        DeploymentRules.CheckSchedules(call.Body.Schedules, found.ToDetail([]));
        return await commands.Send(new DefineSchedules(found.Deployment.Id, [.. call.Body.Schedules.Select(s => s.ToDefinition())]));
    }

    async Task<RecordedAnswer> Run(Call<CreateDeploymentRun> call)
    {
        var body = call.Body;
        var parameters = body.Parameters ?? Json.EmptyObject;
        ParameterCheck.CheckSize(parameters);
        var errors = new FieldErrors();
        var asked = new AskedRun(body.Name, body.Tags, body.Queue, body.Priority, body.At, body.DelaySeconds, body.ExpiresAt);
        var dueAt = asked.Check(errors, time.GetUtcNow());
        errors.ThrowIfAny();
        var deployment = (await Find(call.Http)).ToDetail([]);
        ParameterCheck.Check(errors, "parameters", deployment.ParameterSchema, ParameterCheck.Overlay(deployment.Parameters, parameters));
        errors.ThrowIfAny(422);
        return await submission.Submit(new SubmitRun
        {
            RunId = call.NewId,
            RunName = body.Name,
            DeploymentId = deployment.Id,
            Parameters = parameters,
            Tags = body.Tags ?? [],
            Queue = body.Queue,
            Priority = body.Priority,
            DueAt = dueAt,
            ExpiresAt = body.ExpiresAt,
            IdempotencyKey = call.IdempotencyKey is { } key ? IdempotencyScope.Of(deployment.Id, key) : null,
        }, call.IdempotencyKey);
    }

    async Task<Guid> IdOf(HttpContext http) => Ids.TryFromPath(http) ?? (await Find(http)).Deployment.Id;

    async Task<DeploymentWithSchedules> Find(HttpContext http)
    {
        if (Ids.TryFromPath(http) is { } id)
            return await _lists.Find(id, http.RequestAborted) ?? throw RefusedException.NotFound($"there is no deployment with the id {id}");
        var (flow, name) = (Ids.NameFromPath(http, "flow"), Ids.NameFromPath(http, "name"));
        return await _lists.Find(flow, name, http.RequestAborted)
            ?? throw RefusedException.NotFound($"there is no deployment '{Ids.Shown(flow)}/{Ids.Shown(name)}'");
    }
}
