using System.Text.Json;
using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.Api.Writes;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Tokens;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.ReadModel.FlowRuns;

namespace Holoflow.Api.Routes;

/// <summary>Flow runs: asking for one of a program, and commands to one.</summary>
sealed class FlowRunCommandRoutes(Database database, StateCommands commands, RunSubmission submission, Func<RerunRun, string, Task<CommandAnswered>>? retryPrivate, TimeProvider time)
{
    readonly FlowRunDetails _runs = new(database);

    public void Map(RouteTable routes)
    {
        routes.Post("/api/flow-runs", new ApiRoute<CreateFlowRun>("Asks for a run of a program that has no deployment", ApiJson.Default.CreateFlowRun, typeof(RunCreated)), Create);
        Map(routes, "cancel", "Cancels a flow run; its process, that one's children and its jobs are ended", (id, reason) => commands.Send(new CancelRun(id, reason)));
        Map(routes, "pause", "Pauses a flow run: no further task starts", (id, reason) => commands.Send(new PauseRun(id, reason)));
        Map(routes, "resume", "Resumes a paused flow run", (id, _) => commands.Send(new ResumeRun(id)));
        Map(routes, "retry", "Runs an ended flow run again; what finished is not repeated", (id, reason) => Retry(new RerunRun(id, reason)));
        routes.Delete("/api/flow-runs/{id}", new ApiRoute("Removes an ended flow run with everything that belongs to it", typeof(CommandResult)), http => commands.Send(new DeleteRun(Ids.FromPath(http))));
    }

    void Map(RouteTable routes, string verb, string summary, Func<Guid, string?, Task<RecordedAnswer>> command) =>
        routes.Post($"/api/flow-runs/{{id}}/{verb}", new ApiRoute<RunCommand>(summary, ApiJson.Default.RunCommand, typeof(CommandResult)) { Access = RouteAccess.Of(TokenScope.Run) }, call =>
        {
            var id = Ids.FromPath(call.Http);
            var errors = new FieldErrors();
            NameRules.CheckText(errors, "reason", call.Body.Reason);
            errors.ThrowIfAny();
            return command(id, call.Body.Reason);
        });

    async Task<RecordedAnswer> Retry(RerunRun command)
    {
        if (await _runs.Find(command.RunId, CancellationToken.None) is not { Queue: var queue } run || !PrivateQueue.Is(queue))
            return await commands.Send(command);
        return retryPrivate is null
            ? throw RefusedException.Conflict($"run '{run.Name}' was made by 'holoflow run', in a queue that no agent serves: where it was made, type 'holoflow flow-run retry {run.Name}'")
            : await commands.Send(command, by: () => retryPrivate(command, queue));
    }

    Task<RecordedAnswer> Create(Call<CreateFlowRun> call)
    {
        var body = call.Body;
        var errors = new FieldErrors();
        NameRules.CheckName(errors, "flowName", body.FlowName);
        ProgramRules.Check(errors, body.Program);
        var parameters = body.Parameters ?? Json.EmptyObject;
        ParameterCheck.CheckSize(parameters);
        if (body.ParameterSchema is { ValueKind: not JsonValueKind.Object })
            errors.Add("parameterSchema", "must be a JSON Schema: an object");
        var asked = new AskedRun(body.Name, body.Tags, body.Queue, body.Priority, body.At, body.DelaySeconds, body.ExpiresAt);
        var dueAt = asked.Check(errors, time.GetUtcNow());
        errors.ThrowIfAny();
        ParameterCheck.Check(errors, "parameters", body.ParameterSchema ?? Json.EmptyObject, parameters);
        errors.ThrowIfAny(422);
        return submission.Submit(new SubmitRun
        {
            RunId = call.NewId,
            RunName = body.Name,
            FlowName = body.FlowName,
            Program = Json.Program(body.Program),
            Parameters = parameters,
            Tags = body.Tags ?? [],
            Queue = body.Queue,
            Priority = body.Priority,
            DueAt = dueAt,
            ExpiresAt = body.ExpiresAt,
            IdempotencyKey = call.IdempotencyKey is { } key ? IdempotencyScope.Of(body.FlowName, key) : null,
        }, call.IdempotencyKey);
    }
}
